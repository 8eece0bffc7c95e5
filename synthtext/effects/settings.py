"""The `effects` section of a configuration: a mapping in the order of physics, or a list in an order of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, PlainSerializer, SerializerFunctionWrapHandler, model_serializer, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from synthtext.effects.air import Rain, Veil
from synthtext.effects.base import Effect
from synthtext.effects.codec import Jpeg, Webp
from synthtext.effects.distort import Lens, Ripple, RollingShutter
from synthtext.effects.flare import Bloom, Glare
from synthtext.effects.focus import Blur, MotionBlur, Resample
from synthtext.effects.lens import Chromatic, Vignette
from synthtext.effects.light import Exposure, Shade, Tint
from synthtext.effects.noise import Noise
from synthtext.effects.obstacles import Fence, Fingers, Leaves
from synthtext.effects.occlude import Lines
from synthtext.effects.overlay import Blots, Sticker, Stroke, Tape
from synthtext.effects.printing import Fax, Halftone, Photocopy, ScanStreaks, Thermal
from synthtext.effects.process import Posterise, Sharpen
from synthtext.effects.screens import Interlace, Lcd, Led, Moire, Scanlines
from synthtext.effects.sensor import ChromaBleed, DeadPixels, Gamma, LowLight, Saturation
from synthtext.effects.shadow import Blinds, Dapple, Shadow
from synthtext.effects.steps import GROUP, OneOf, Path, Step, dump_groups, dump_steps, parse_groups, parse_steps
from synthtext.effects.table import BY_NAME, EFFECTS
from synthtext.effects.video import Video
from synthtext.effects.wear import Crease, Dust, Stain
from synthtext.spec import Spec


def _listed(value: object) -> tuple[Step | OneOf, ...]:
    return () if isinstance(value, (list, tuple)) and not value else parse_steps(value)


_Groups = Annotated[tuple[OneOf, ...], BeforeValidator(parse_groups), PlainSerializer(dump_groups)]
_Steps = Annotated[tuple[Step | OneOf, ...], BeforeValidator(_listed), PlainSerializer(dump_steps)]


class EffectsSpec(Spec):
    """Which effects a preset uses; one that is not named never happens.

    Attributes:
        one_of: groups of effects of which at most one happens; the one that is chosen takes its place in the order.
        chain: effects in an order of one's own, in place of everything else here; a list in place of the whole
            section means this.
    """

    halftone: Halftone = Halftone()
    thermal: Thermal = Thermal()
    led: Led = Led()
    lcd: Lcd = Lcd()
    scanlines: Scanlines = Scanlines()
    crease: Crease = Crease()
    stain: Stain = Stain()
    dust: Dust = Dust()
    lines: Lines = Lines()
    stroke: Stroke = Stroke()
    tape: Tape = Tape()
    sticker: Sticker = Sticker()
    blots: Blots = Blots()
    leaves: Leaves = Leaves()
    fence: Fence = Fence()
    fingers: Fingers = Fingers()
    shade: Shade = Shade()
    shadow: Shadow = Shadow()
    blinds: Blinds = Blinds()
    dapple: Dapple = Dapple()
    glare: Glare = Glare()
    veil: Veil = Veil()
    rain: Rain = Rain()
    ripple: Ripple = Ripple()
    lens: Lens = Lens()
    vignette: Vignette = Vignette()
    chromatic: Chromatic = Chromatic()
    blur: Blur = Blur()
    motion_blur: MotionBlur = MotionBlur()
    rolling_shutter: RollingShutter = RollingShutter()
    bloom: Bloom = Bloom()
    moire: Moire = Moire()
    resample: Resample = Resample()
    interlace: Interlace = Interlace()
    exposure: Exposure = Exposure()
    low_light: LowLight = LowLight()
    tint: Tint = Tint()
    noise: Noise = Noise()
    dead_pixels: DeadPixels = DeadPixels()
    gamma: Gamma = Gamma()
    saturation: Saturation = Saturation()
    sharpen: Sharpen = Sharpen()
    posterise: Posterise = Posterise()
    photocopy: Photocopy = Photocopy()
    fax: Fax = Fax()
    scan_streaks: ScanStreaks = ScanStreaks()
    chroma_bleed: ChromaBleed = ChromaBleed()
    webp: Webp = Webp()
    video: Video = Video()
    jpeg: Jpeg = Jpeg()
    one_of: _Groups = ()
    chain: _Steps = ()

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: Any) -> Any:
        # Parsed here and not below `chain`, so that an error's path is the one in the user's file.
        return {"chain": _listed(value)} if isinstance(value, list) else value

    @model_validator(mode="after")
    def _one_way_only(self) -> Self:
        named = [effect.name for effect in EFFECTS if getattr(self, effect.name).chance > 0]
        named += [GROUP] if self.one_of else []
        if self.chain and named:
            raise ValueError(f"has both a chain and {', '.join(named)}; put all into the chain")
        return self

    @model_serializer(mode="wrap")
    def _plain(self, handler: SerializerFunctionWrapHandler) -> Any:
        return dump_steps(self.chain) if self.chain else handler(self)

    def used(self) -> Iterator[tuple[Path, Effect]]:
        """Yield every effect that may happen, with its place in the section."""
        if self.chain:
            yield from _used(self.chain, ())
            return
        for effect in EFFECTS:
            if getattr(self, effect.name).chance > 0:
                yield (effect.name,), effect
        for place, group in enumerate(self.one_of):
            if group.chance > 0:
                yield from _used(group.of, (GROUP, place, "of"))

    def check_color(self, color: str) -> None:
        """Refuse effects that nobody could see in pictures of this kind, `rgb` or `gray`.

        Raises:
            ValidationError: with the place of the first one.
        """
        for place, effect in self.used() if color == "gray" else ():
            if effect.color_only:
                text = (
                    "changes colours alone, and crop.color is gray, so nothing would show; "
                    "leave it out or set crop.color to rgb"
                )
                details = InitErrorDetails(type=PydanticCustomError("step", text), loc=("effects", *place), input=None)
                raise ValidationError.from_exception_data("effects", [details])


def _used(steps: tuple[Step | OneOf, ...], at: Path) -> Iterator[tuple[Path, Effect]]:
    for place, step in enumerate(steps):
        if not (step.chance and step.weight):
            continue
        if isinstance(step, OneOf):
            yield from _used(step.of, (*at, place, GROUP, "of"))
        else:
            yield (*at, place, step.name), BY_NAME[step.name]
