"""The list of people one can be, each with their chat's last line and what is unread."""

from datetime import datetime

from simulators.phone.dates import short_text
from simulators.phone.html import Markup, h, join
from simulators.whatsapp.people import Person

_HUES = 8


def initials(name: str) -> str:
    """Return one or two letters for the round picture."""
    words = [word for word in name.split() if word[0].isalpha()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def picture(name: str, key: str) -> Markup:
    """Return the round picture of somebody; its colour follows from who they are."""
    hue = sum(key.encode()) % _HUES
    return h("span", {"class": f"picture hue{hue}", "aria-hidden": "true"}, initials(name))


def spelled(phone: str) -> str:
    """Return a Brazilian number as people write it, others with their plus sign."""
    if phone.startswith("55") and len(phone) in {12, 13}:
        area, line = phone[2:4], phone[4:]
        return f"+55 {area} {line[:-4]}-{line[-4:]}"
    return f"+{phone}"


def people_list(people: list[Person], *, chosen: str, now: datetime) -> Markup:
    """Return everybody, those with the newest chat first."""
    ordered = sorted(people, key=lambda person: (person.active_at, person.name), reverse=True)
    lines = [_line(person, chosen=person.phone == chosen, now=now) for person in ordered]
    if not lines:
        lines.append(
            h(
                "li",
                {"class": "empty"},
                "Ninguém por aqui ainda. Crie uma pessoa ou espere o Em Dia trazer as dele.",
            )
        )
    return join(lines)


def _preview(text: str) -> str:
    return "Código Pix" if text.startswith("000201") else text


def _line(person: Person, *, chosen: bool, now: datetime) -> Markup:
    handle = f"@{person.username}" if person.username else spelled(person.phone)
    classes = "person" + (" is-offline" if not person.online else "")
    attributes = {
        "type": "button",
        "class": classes,
        "data-phone": person.phone,
        "data-search": f"{person.name} {person.phone} {person.username}".lower(),
        "aria-current": "true" if chosen else None,
    }
    unread = h("span", {"class": "unread", "aria-label": f"{person.unread} não lidas"}, person.unread)
    return h(
        "li",
        None,
        h(
            "button",
            attributes,
            picture(person.name, person.phone),
            h("span", {"class": "person-name"}, person.name),
            h("span", {"class": "person-time"}, short_text(person.active_at, now)),
            h("span", {"class": "person-preview"}, _preview(person.preview) or handle),
            unread if person.unread else None,
        ),
    )
