"""The page's few drawings: inline SVG, one stroke width, coloured by the text around them."""

from simulators.phone.html import Markup

_PATHS = {
    "check": '<path d="m4 12.5 5 5L20 6.5"/>',
    "double": '<path d="m1.5 12.5 5 5L16.5 7"/><path d="m10.5 16 1.5 1.5L22.5 7"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>',
    "alert": '<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5M12 16.3v.2"/>',
    "back": '<path d="M15 5l-7 7 7 7"/>',
    "menu": '<path d="M4 7h10M18 7h2M4 17h2M10 17h10"/><circle cx="16" cy="7" r="2"/>'
    '<circle cx="8" cy="17" r="2"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
    "send": '<path d="M4.5 12 20 4.5 15 20l-3.5-6.5L4.5 12z"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "mic": '<rect x="9" y="3.5" width="6" height="11" rx="3"/>'
    '<path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>',
    "smile": '<circle cx="12" cy="12" r="8.5"/><path d="M8.5 14.5c1.8 2.2 5.2 2.2 7 0M9 9.8v.2M15 9.8v.2"/>',
    "image": '<rect x="3.5" y="5" width="17" height="14" rx="2.5"/><circle cx="9" cy="10" r="1.6"/>'
    '<path d="m5 17 5-4.5 3 2.5 2.5-2 3.5 3"/>',
    "file": '<path d="M6.5 3.5h7l4.5 4.5v12.5h-11.5z"/><path d="M13.5 3.5V8H18"/>',
    "audio": '<path d="M4 10v4M8 7v10M12 4.5v15M16 8v8M20 10.5v3"/>',
    "pin": '<path d="M12 21s6.5-6 6.5-11a6.5 6.5 0 0 0-13 0c0 5 6.5 11 6.5 11z"/>'
    '<circle cx="12" cy="10" r="2.3"/>',
    "person": '<circle cx="12" cy="8.5" r="3.8"/><path d="M4.5 20c.8-4 4-5.6 7.5-5.6s6.7 1.6 7.5 5.6"/>',
    "play": '<path d="M8 5.5v13l11-6.500z"/>',
    "pause": '<path d="M8.5 5.500v13M15.5 5.500v13"/>',
    "copy": '<rect x="8.5" y="8.5" width="11" height="11" rx="2"/><path d="M15.5 8.500v-4h-11v11h4"/>',
    "bank": '<path d="M4 9.5 12 4.500l8 5zM5.5 10v7M10 10v7M14 10v7M18.5 10v7M4 19.500h16"/>',
    "chat": '<path d="M4 5.500h16v11h-8.500l-4.5 3.500v-3.500h-3z"/>',
    "link": '<path d="M14 5h5v5M19 5l-8.5 8.500M11 6.500h-5.500v12h12v-5.5"/>',
    "list": '<path d="M8.5 7h11M8.5 12h11M8.5 17h11M4.5 7v.1M4.5 12v.1M4.5 17v.1"/>',
    "reply": '<path d="M9.5 7 4.5 12l5 5M5 12h8.500c3.5 0 6 2 6 6"/>',
    "sticker": '<path d="M5 4.500h14v9.500l-5.5 5.500h-8.500z"/><path d="M13.5 19.500v-5.500h5.5"/>',
    "bell": '<path d="M6.5 16.500v-6a5.5 5.5 0 0 1 11 0v6l1.5 1.500h-14zM10.5 20.500h3"/>',
    "seal": '<path d="m12 2.5 2.4 2 3.1-.3.9 3 2.7 1.6-1.1 2.9 1.1 2.9-2.7 1.6-.9 3-3.1-.3'
    '-2.4 2-2.4-2-3.1.3-.9-3-2.7-1.6 1.1-2.9-1.1-2.9 2.7-1.6.9-3 3.1.300z"'
    ' fill="currentColor" stroke="none"/><path d="m8.3 12.2 2.6 2.5 4.8-5" stroke="#fff"/>',
}


def icon(name: str, label: str = "") -> Markup:
    """Return a drawing; with a label it says something, without it only decorates."""
    spoken = f'role="img" aria-label="{label}"' if label else 'aria-hidden="true"'
    return Markup(f'<svg class="icon" viewBox="0 0 24 24" {spoken}>{_PATHS[name]}</svg>')
