"""Text, media, location, contacts and reactions."""

from simulators.whatsapp.content.shapes import Content, Media
from simulators.whatsapp.errors import GraphError
from simulators.whatsapp.fields import Fields

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
MEDIA_TYPES = ("image", "video", "document", "audio", "sticker")
_MEDIA_KEYS = {
    "image": ("id", "link", "caption"),
    "video": ("id", "link", "caption"),
    "document": ("id", "link", "caption", "filename"),
    "audio": ("id", "link", "voice"),
    "sticker": ("id", "link"),
}


def read_text(message: Fields) -> Content:
    """Read `text`."""
    text = message.inner("text")
    text.only("body", "preview_url")
    body = text.text("body", max_length=TEXT_LIMIT, code=100)
    return Content(type="text", text=body, preview_url=text.flag("preview_url"))


def read_media_object(fields: Fields, kind: str) -> Media:
    """Read `{"id"}` or `{"link"}` with what belongs to the kind; exactly one of both must be given."""
    fields.only(*_MEDIA_KEYS[kind])
    if fields.has("id") == fields.has("link"):
        raise GraphError(131009, f"Param {fields.path} must have either 'id' or 'link'.")
    link = fields.optional_text("link", max_length=2048)
    if link and not link.startswith(("http://", "https://")):
        raise GraphError(131009, f"{fields.name('link')} is not a valid URI.")
    identifier = str(fields.values.get("id") or "")
    filename = fields.optional_text("filename", max_length=240)
    return Media(kind=kind, id=identifier, link=link, filename=filename, voice=fields.flag("voice"))


def read_media(message: Fields) -> Content:
    """Read `image`, `video`, `document`, `audio` or `sticker`."""
    kind = str(message.values["type"]).lower()
    fields = message.inner(kind)
    caption = fields.optional_text("caption", max_length=CAPTION_LIMIT, code=100)
    return Content(type=kind, text=caption, media=read_media_object(fields, kind))


def read_location(message: Fields) -> Content:
    """Read `location`; the coordinates may be numbers or texts."""
    fields = message.inner("location")
    fields.only("latitude", "longitude", "name", "address")
    place: dict[str, object] = {}
    for name, limit in (("latitude", 90.0), ("longitude", 180.0)):
        try:
            place[name] = float(fields.value(name))
        except (TypeError, ValueError):
            raise GraphError(131009, f"{fields.name(name)} must be a number.") from None
        if abs(float(fields.value(name))) > limit:
            raise GraphError(131009, f"{fields.name(name)} is out of range.")
    place["name"] = fields.optional_text("name", max_length=1000)
    place["address"] = fields.optional_text("address", max_length=1000)
    return Content(type="location", location=place)


def read_contacts(message: Fields) -> Content:
    """Read `contacts`: cards with a name each."""
    cards = message.items("contacts", minimum=1, maximum=257)
    for card in cards:
        card.only("addresses", "birthday", "emails", "name", "org", "phones", "urls")
        card.inner("name").text("formatted_name", max_length=1000)
    return Content(type="contacts", contacts=[card.values for card in cards])


def read_reaction(message: Fields) -> Content:
    """Read `reaction`; an empty emoji takes the earlier one back."""
    if message.has("context"):
        raise GraphError(100, "Reactions cannot be contextual replies.")
    fields = message.inner("reaction")
    fields.only("message_id", "emoji")
    target = fields.text("message_id", max_length=512)
    emoji = fields.text("emoji", max_length=32, min_length=0)
    return Content(type="reaction", reaction={"message_id": target, "emoji": emoji})
