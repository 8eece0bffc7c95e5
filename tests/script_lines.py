"""Lines of every script with what is hard in them, and how synthtext draws them when nothing is left to chance."""

from __future__ import annotations

import numpy as np

from synthtext.assets.catalogue import load_fonts
from synthtext.assets.glyphs import GlyphStore
from synthtext.geometry import Image
from synthtext.paths import data_dir
from synthtext.rng import Streams
from synthtext.spec import Range
from synthtext.stages.arrange import LayoutSpec, arrange
from synthtext.stages.raster import raster
from synthtext.stages.segment import segment
from synthtext.stages.shape import shape
from synthtext.values import FontStack, TextLayer, Writing

PLAIN = LayoutSpec(spacing_chance=0, jitter_chance=0, word_spacing_em=Range(0, 0))
EM = 64
# At this size hinting hardly shows; two lines may differ by this share of their ink.
LARGE, MOST = 256, 0.06

# script, face, a line with what is hard in it, whether it is read from right to left
LINES = [
    ("arabic", "scripts/NotoNaskhArabic-Regular.ttf", "السلام عليكم لا إله", True),
    ("arabic-mixed", "scripts/Amiri-400.ttf", "جديد (Phone 15) بسعر 1,250 ريال", True),
    ("arabic-kufi", "scripts/Cairo-600.ttf", "مُحَمَّد ١٢٣ خصم 50%", True),
    ("hebrew", "scripts/Rubik-700.ttf", "שלום (abc) 42!", True),
    ("devanagari", "scripts/NotoSansDevanagari-Regular.ttf", "क्षत्रिय हिन्दी श्री न्यू र्कि", False),
    ("devanagari-serif", "scripts/TiroDevanagariHindi-400.ttf", "विद्यार्थी कर्म द्वारा ज्ञान", False),
    ("thai", "scripts/Prompt-400.ttf", "น้ำปั๊มที่ กตัญญู ฎีกา ผู้ใหญ่", False),
    ("thai-looped", "scripts/NotoSerifThai-Regular.ttf", "ขึ้นชื่อเรื่องนี้", False),
    ("bengali", "scripts/NotoSansBengali-Regular.ttf", "বাংলাদেশ ক্ষমতা স্ত্রী", False),
    ("tamil", "scripts/NotoSansTamil-Regular.ttf", "தமிழ் மொழி கௌரவம்", False),
    ("telugu", "scripts/NotoSansTelugu-Regular.ttf", "తెలుగు క్షి స్త్రీ", False),
    ("japanese", "ja/NotoSansJP-Regular.otf", "骨直、がぎぐパピプ12", False),
    ("japanese-brush", "ja/AoyagiSoseki.ttf", "営業中の看板", False),
    ("korean", "ko/NotoSerifKR-Regular.otf", "한글갉밟 abc", False),
    ("traditional", "zh_hant/NotoSansTC-Regular.otf", "骨直灣龍體門", False),
    ("cyrillic", "latin/EbGaramond-400.ttf", "Щука съешь Ёлка", False),
    ("vietnamese", "scripts/NotoSans-Regular.ttf", "Tiếng Việt ưỡn ẵm", False),
    ("greek", "latin/Tinos-400.ttf", "Ευχαριστώ ΐΰς", False),
]
NAMES = [line[0] for line in LINES]


def drawn_layer(face: str, text: str, backwards: bool, em_px: int = EM) -> TextLayer:
    fonts = (load_fonts(data_dir("fonts") / face)[0],)
    store = GlyphStore(fonts)
    direction = "rtl" if backwards else "ltr"
    runs = shape(segment(Writing(text, "test", direction), FontStack(fonts)), store)
    line = arrange(Streams(0, 0).column("arrange"), PLAIN, text, runs, direction)
    return raster(line, em_px, store)


def tight(mask: Image) -> Image:
    rows, columns = np.nonzero(mask > 60)
    return mask[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
