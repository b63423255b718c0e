"""Presets: what a new organisation begins with, as data. After that it is the organisation's own to change."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PresetUnit(_Part):
    """A unit, and those below it. `roles` are what case types route to (cases/presets)."""

    code: str
    name: str
    names: dict[str, str] = {}
    """The same in other languages, for an organisation whose own is not Swedish."""
    roles: tuple[str, ...] = ()
    confidential: bool = False
    fallback: bool = False
    units: tuple["PresetUnit", ...] = ()


class PresetArea(_Part):
    """What feedback can be about: one of the organisation's areas, and the unit that has it."""

    code: str
    name: dict[str, str]
    unit: str
    publishable: bool = True
    icon: str = ""


class PresetDistrict(_Part):
    """A part of the municipality: a ring of [lon, lat]."""

    code: str
    name: str
    ring: tuple[tuple[float, float], ...]


class Preset(_Part):
    """Everything a new organisation begins with."""

    name: str
    code: str = ""
    """The municipality that the names, numbers and districts are about; "" where the preset suits anybody."""
    centre: tuple[float, float] | None = None
    """Where the map begins, (lat, lon): the main town; None is somewhere in the middle of the municipality."""
    service_name: str = ""
    colour: str = "#14527f"
    phone: str = ""
    phone_hours: str = ""
    phone_hours_translated: dict[str, str] = {}
    emergency_phone: str = ""
    units: tuple[PresetUnit, ...]
    areas: tuple[PresetArea, ...]
    districts: tuple[PresetDistrict, ...] = ()
    rules: tuple[dict[str, Any], ...] = ()

    def suiting(self, code: str) -> "Preset":
        """The preset for the municipality with that code: without what is only true of another one."""
        if self.code in {"", code}:
            return self
        return self.model_copy(
            update={
                "service_name": "",
                "phone": "",
                "phone_hours": "",
                "phone_hours_translated": {},
                "emergency_phone": "",
                "districts": (),
                "centre": None,
            }
        )

    def all_units(self) -> list[PresetUnit]:
        """The units of the whole tree, parents first."""
        found, todo = [], list(self.units)
        while todo:
            unit = todo.pop(0)
            found.append(unit)
            todo += unit.units
        return found


NAMES = ("standard", "motala", "mjolby")


@cache
def preset(name: str) -> Preset:
    """The preset with that name; KeyError when there is none."""
    if name not in NAMES:
        raise KeyError(name)
    text = files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    return Preset.model_validate({"name": name, **json.loads(text)})
