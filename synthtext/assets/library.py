"""Everything that a configuration draws from, opened once a worker and only read afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from synthtext.assets.backgrounds import Backgrounds, ChoosePhotos, open_backgrounds
from synthtext.assets.catalogue import Catalogue
from synthtext.assets.charset import Charset, load_charset
from synthtext.assets.fonts import FontLibrary, open_fonts
from synthtext.assets.glyphs import GlyphStore
from synthtext.assets.schemes import Schemes, open_schemes
from synthtext.config import Config
from synthtext.decoration.table import Decoration
from synthtext.effects.chain import Chain
from synthtext.errors import AssetError
from synthtext.lettering.table import Lettering
from synthtext.scenes.grounds import Grounds
from synthtext.scenes.papers import Papers, open_papers
from synthtext.stages.write import Texts, open_texts


@dataclass(frozen=True, slots=True, eq=False)
class Assets:
    """What `pipeline.sample` reads.

    Attributes:
        papers: what pages of the layouts `form` and `banner` say; None for other layouts.
        warnings: what the user should know: characters that no face draws, fonts that could not be used.
    """

    charset: Charset
    catalogue: Catalogue
    fonts: FontLibrary
    glyphs: GlyphStore
    texts: Texts
    backgrounds: Backgrounds
    schemes: Schemes
    chain: Chain
    grounds: Grounds | None
    lettering: Lettering
    decoration: Decoration
    papers: Papers | None
    warnings: tuple[str, ...]

    def digests(self) -> dict[str, str]:
        """Return what a run's manifest records about its assets: name -> digest."""
        named = {f"charset:{self.charset.name}": self.charset.digest, "backgrounds": self.backgrounds.digest}
        if self.schemes.table is not None:
            named["pairs"] = self.schemes.table.digest
        return named | {f"font:{name}": digest for name, digest in sorted(self.catalogue.digests().items())}


def open_assets(
    config: Config,
    seed: int,
    use_cache: bool = True,
    arena: Path | None = None,
    choose: ChoosePhotos | None = None,
) -> Assets:
    """Open everything.

    Args:
        seed: of the dataset: it decides which photographs a stretch of samples shares.
        use_cache: whether results of earlier looks at fonts and folders may be read and written.
        arena: folder of the glyph masks that workers share, or None.
        choose: gives the photographs, such as those that the process which starts a run has chosen; None to choose
            them here, which with `background.skip_text` may take long.

    Raises:
        AssetError: something is missing, broken or not enough for this configuration.
    """
    charset = load_charset(config.charset)
    library, catalogue = open_fonts(config.fonts, charset.chars, use_cache)
    missing = library.missing()
    if missing and config.text.per_char is not None:
        raise AssetError(_missing(missing, charset) + "; add a font that has them or remove them from the charset")
    backgrounds = open_backgrounds(config.background, seed, use_cache, choose=choose)
    ink = config.ink
    texts = open_texts(config.text, charset, library.writable, use_cache)
    warnings = [f"left out: {reason}" for _, reason in catalogue.broken]
    if missing:
        warnings.append(_missing(missing, charset) + "; they will not appear in the dataset")
    with_text = sum(index.left_out for index in backgrounds.indices)
    if with_text:
        total = with_text + sum(map(len, backgrounds.indices))
        warnings.append(f"backgrounds: {with_text:,} of {total:,} photographs hold text and are left out")
    if config.text.corpora and config.page is not None and config.page.layout == "form":
        warnings.append("forms say what papers say: your corpus is not used; use another layout to draw its lines")
    return Assets(
        charset=charset,
        catalogue=catalogue,
        fonts=library,
        glyphs=GlyphStore(library.all, arena, use_cache),
        texts=texts,
        backgrounds=backgrounds,
        schemes=open_schemes(
            ink.source, ink.pairs, ink.situations, ink.light, (ink.floor, ink.lightness), backgrounds.places()
        ),
        chain=Chain(config.effects),
        grounds=Grounds(config.page, backgrounds, use_cache) if config.page is not None else None,
        lettering=Lettering(config.lettering),
        decoration=Decoration(config.decorate),
        papers=open_papers(config, texts.allowed, use_cache),
        warnings=tuple(warnings),
    )


def _missing(missing: list[str], charset: Charset) -> str:
    shown = ", ".join(f"{char} U+{ord(char[0]):04X}" for char in missing[:5])
    more = ", ..." if len(missing) > 5 else ""
    share = f"{len(missing)} of {len(charset.chars)} characters of charset {charset.name!r}"
    return f"fonts: no face draws {share} ({shown}{more})"
