"""What weak, medium and strong mean for every effect: for the pictures of the guide and for `benchmarks/`."""

from __future__ import annotations

Numbers = dict[str, float]


def _three(weak: Numbers, medium: Numbers, strong: Numbers, **common: float) -> tuple[Numbers, Numbers, Numbers]:
    return {**common, **weak}, {**common, **medium}, {**common, **strong}


def _vary(name: str, weak: float, medium: float, strong: float, **common: float) -> tuple[Numbers, Numbers, Numbers]:
    return _three({name: weak}, {name: medium}, {name: strong}, **common)


STRENGTHS: dict[str, tuple[Numbers, Numbers, Numbers]] = {
    "halftone": _vary("strength", 0.25, 0.45, 0.65, pitch_px=3.2, color=1, angle_deg=0),
    "thermal": _three(
        {"fade": 0.05, "gaps": 0.5},
        {"fade": 0.2, "gaps": 1.5},
        {"fade": 0.4, "gaps": 2.5},
        patches=0.3,
        gap_px=1.4,
        bands=0.25,
        at=0.3,
    ),
    "led": _vary("pitch_px", 2.0, 2.5, 3.0, dot=0.85, mono=1, hue=0.02, lit=1, dead=0.01, at=0.2),
    "lcd": _three(
        {"depth": 0.2, "gap": 0.15}, {"depth": 0.4, "gap": 0.3}, {"depth": 0.6, "gap": 0.5}, pitch_px=4, phase=0
    ),
    "scanlines": _vary("depth", 0.2, 0.35, 0.55, period_px=3, phase=0),
    "crease": _vary("depth", 0.15, 0.3, 0.45, count=2, width_frac=0.2, wear=0.35, angle_deg=25, at=0.55),
    "stain": _vary(
        "strength", 0.2, 0.35, 0.5, share=0.45, rim=0.7, size_frac=1.2, hue=0.09, saturation=0.6, at_x=0.3, at_y=0.6
    ),
    "dust": _vary("amount", 0.25, 0.5, 0.8, strength=0.9, value=40, at_x=0.2, at_y=0.5),
    "lines": (
        {"start": 0.75, "end": 0.6, "thickness_frac": 0.012, "value": 40, "hue": 0},
        {"start": 0.35, "end": 0.7, "thickness_frac": 0.025, "value": 200, "hue": 1},
        {"start": 0.6, "end": 0.3, "thickness_frac": 0.04, "value": 20, "hue": 0},
    ),
    "stroke": _vary(
        "thickness_frac", 0.04, 0.08, 0.14, start=0.7, end=0.4, wander=0.4, opacity=0.85, hue=0.0, value=0.75, at=0.42
    ),
    "tape": _vary("opacity", 0.15, 0.3, 0.5, x=0.4, width_frac=0.8, angle_deg=60, hue=0.12, saturation=0.4, at=0.2),
    "sticker": _vary(
        "radius_frac", 0.15, 0.25, 0.38, x=0.37, y=0.95, square=0, angle_deg=0, opacity=1, hue=0.95, value=0.8
    ),
    "blots": _vary(
        "share",
        0.03,
        0.07,
        0.14,
        size_frac=0.4,
        opacity=0.95,
        hue=0.07,
        saturation=0.5,
        value=0.25,
        at_x=0.48,
        at_y=0.77,
    ),
    "leaves": _three(
        {"count": 2}, {"count": 4}, {"count": 6, "reach": 0.3}, size_frac=0.6, reach=0.12, hue=0.29, value=0.5, at=0.61
    ),
    "fence": _vary(
        "thickness_frac", 0.02, 0.045, 0.07, pitch_frac=0.9, angle_deg=45, cross_deg=90, value=90, phase=0.2
    ),
    "fingers": _vary("reach", 0.15, 0.3, 0.5, count=2, width_frac=0.6, at=0.87, tone=0.8),
    "shade": (
        {"dark": 0.9, "bright": 1.0, "angle_deg": 0, "bend": 0},
        {"dark": 0.75, "bright": 1.1, "angle_deg": 30, "bend": 0},
        {"dark": 0.6, "bright": 1.15, "angle_deg": 0, "bend": 1},
    ),
    "shadow": _three(
        {"depth": 0.3, "softness_frac": 0.6},
        {"depth": 0.5, "softness_frac": 0.2},
        {"depth": 0.65, "softness_frac": 0.03},
        angle_deg=20,
        at=0.5,
    ),
    "blinds": _vary("depth", 0.25, 0.4, 0.55, period_frac=0.6, duty=0.5, angle_deg=25, softness=0.25, phase=0.1),
    "dapple": _vary("depth", 0.3, 0.45, 0.6, share=0.5, size_frac=0.7, softness=0.3, at_x=0.6, at_y=0.2),
    "glare": _vary("strength", 0.35, 0.65, 1.0, x=0.75, y=0.3, radius_frac=0.45, stretch=2, angle_deg=20),
    "veil": _vary("density", 0.25, 0.45, 0.65, patches=0.5, size_frac=1.5, value=215, at_x=0.4, at_y=0.1),
    "rain": _vary("amount", 0.3, 0.6, 0.9, tilt_deg=12, strength=0.6, at_x=0.3, at_y=0.1),
    "ripple": _vary("height_frac", 0.012, 0.024, 0.036, length_frac=0.9, phase_x=0.1, phase_y=0.4),
    "lens": _vary("strength_frac", -0.03, -0.06, 0.1, x=0.5, y=-1.5),
    "rolling_shutter": _three(
        {"lean_frac": 0.06, "wobble_frac": 0.01},
        {"lean_frac": 0.1, "wobble_frac": 0.02},
        {"lean_frac": 0.14, "wobble_frac": 0.035},
        waves=1.2,
        phase=0.1,
    ),
    "vignette": _vary("strength", 0.2, 0.4, 0.6, x=0.5, y=0.5),
    "chromatic": _vary("shift_px", 0.6, 1.1, 1.8, angle_deg=20, radial=0.2),
    "blur": _vary("sigma_frac", 0.006, 0.016, 0.028),
    "motion_blur": _vary("length_frac", 0.04, 0.08, 0.13, angle_deg=20),
    "bloom": _vary("gain", 1.25, 1.6, 2.1, spill=0.5, radius_frac=0.1),
    "moire": _vary("strength", 0.08, 0.16, 0.28, period_frac=0.4, angle_deg=65, bend=0.5, color=0.8, phase=0),
    "resample": _vary("scale", 0.85, 0.6, 0.38),
    "interlace": _vary("shift_px", 1.0, 2.0, 3.5, share=1),
    "exposure": ({"gain": 1.1, "bias": 10}, {"gain": 1.25, "bias": 30}, {"gain": 0.7, "bias": -30}),
    "low_light": _three(
        {"gain": 0.8, "sigma": 6, "blotches": 4},
        {"gain": 0.6, "sigma": 11, "blotches": 8},
        {"gain": 0.45, "sigma": 18, "blotches": 14},
        at_x=0.2,
        at_y=0.6,
    ),
    "tint": (
        {"red": 1.05, "green": 1.0, "blue": 0.95},
        {"red": 1.12, "green": 1.0, "blue": 0.85},
        {"red": 0.85, "green": 1.0, "blue": 1.12},
    ),
    "noise": _three({"sigma": 3}, {"sigma": 8}, {"sigma": 14, "color": 1}, color=0, at_x=0.2, at_y=0.3),
    "dead_pixels": _three(
        {"salt": 0.002, "pepper": 0.002},
        {"salt": 0.006, "pepper": 0.006},
        {"salt": 0.012, "pepper": 0.012},
        at_x=0.3,
        at_y=0.3,
    ),
    "gamma": _vary("gamma", 1.3, 1.8, 0.55),
    "saturation": _vary("amount", 0.6, 0.1, 1.9),
    "sharpen": _vary("amount", 0.8, 1.8, 3.0, radius_px=1.2),
    "posterise": _vary("levels", 10, 6, 3, dither=0.8),
    "photocopy": _vary("contrast", 2.5, 5, 8, level=0, dirt=0.4, at=0.3),
    "fax": _three(
        {"row_px": 1, "drop": 0.01},
        {"row_px": 1.5, "drop": 0.04},
        {"row_px": 2.2, "drop": 0.08},
        dot_px=1,
        level=0,
        at=0.3,
    ),
    "scan_streaks": _vary("strength", 0.12, 0.25, 0.45, amount=4, width_px=1.3, angle=0, at=0.6),
    "chroma_bleed": _vary("length_px", 4, 8, 14, lag_px=2),
    "webp": _vary("quality", 60, 25, 5),
    "video": _vary("qp", 30, 36, 42, frames=3, motion_px=2, angle_deg=30, fade=0.3),
    "jpeg": _vary("quality", 70, 45, 28),
}
