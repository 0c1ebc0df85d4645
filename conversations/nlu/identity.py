"""Reads a first name and three CPF digits out of an answer, and compares them with the member's.

The three digits are a weak secret on purpose: enough to tell the member from whoever else holds the
phone, useless anywhere else. A member who types the whole CPF is understood, and the message is marked
for redaction.
"""

import re
from dataclasses import dataclass
from functools import cache

from validate_docbr import CPF

from conversations.nlu import lexicon
from conversations.nlu.normalise import compatible, fold_accents, plain, strip_symbols
from conversations.nlu.number_words import words_to_digits


@dataclass(frozen=True)
class IdentityReading:
    """`name` as written, surnames included; `digits` are three; `full_document` asks the caller to redact
    the text.
    """

    name: str | None
    digits: str | None
    full_document: bool

    @property
    def first_name(self) -> str | None:
        return self.name.split()[0] if self.name else None


_DOCUMENT = re.compile(r"(?<!\d)(\d{3})[. ]?(\d{3})[. ]?(\d{3})[-. ]?(\d{2})(?!\d)")
_CNPJ = re.compile(r"(?<!\d)\d{2}\.?\d{3}\.?\d{3}/\d{4}-?\d{2}(?!\d)")
_SPELLED = {
    "zero": "0",
    "um": "1",
    "uma": "1",
    "uno": "1",
    "dois": "2",
    "duas": "2",
    "dos": "2",
    "tres": "3",
    "quatro": "4",
    "cuatro": "4",
    "cinco": "5",
    "seis": "6",
    "meia": "6",
    "sete": "7",
    "siete": "7",
    "oito": "8",
    "ocho": "8",
    "nove": "9",
    "nueve": "9",
}
_SPELLED_THREE = re.compile(rf"\b({'|'.join(_SPELLED)}),? ({'|'.join(_SPELLED)}),? ({'|'.join(_SPELLED)})\b")
# Digits said one by one, or as "0 12": groups that add up to three.
_GROUPS = re.compile(r"(?<![\d.,/$-])\b(?:\d[ .,-]{1,2}\d[ .,-]{1,2}\d|\d \d\d|\d\d \d)\b(?![.,/-]?\d)")
_THREE = re.compile(
    r"(?<![\d.,/$-])\b\d{3}\b(?![.,/-]\d|%| ?(?:reais|real|contos?|pilas?|x\b|vezes|parcelas|dias|meses|"
    r"anos|horas|h\b|mil\b|km|kg|mega))"
)
_TAG = re.compile(
    r"\b(?:fin(?:al|ais|ales)|termina(?:do|da|ndo|m)?|terminacao|ultimos?|digitos?|cpf|numeros?|documento)\b"
    r"(?: (?:em|com|e|sao|do|meu|o|3|tres|digitos|numeros|cpf|en|son|de|mi))*[ :=,.-]*$"
)
# A number introduced by one of these is a price, a protocol, an address.
_OTHER_NUMBER = re.compile(
    r"(?:r\$|\b(?:protocolo|pedido|pag\w+|por|dou|valor|plano|apto|apartamento|casa|rua|sala|quarto|ramal|"
    r"uns|umas|mais|tenho|so|"
    r"mensalidade|boleto|de|fatura|numero d[ae]|entrada|em|ate|quase|cerca|dia|faltam|devo|sobrou|lote|"
    r"bloco|contrato))[ :#-]*$"
)
# "Ana123", "Ana/123", "Ana-123"
_GLUED = re.compile(r"(?<=[^\W\d_]{2})[/_:#-]?(?=\d{3}\b(?![.,/-]?\d))")
_LETTERS = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_INTRODUCED = re.compile(
    r"(?:\bmeu nome(?: completo)?(?: (?:é|e|eh))?|\bo nome (?:é|e|eh)|\b(?:me )?chamo(?: me)?|\bnome\s*:|"
    r"\baqui (?:é|e|eh|quem fala é|fala)|\bquem (?:fala|está falando|ta falando) (?:é|e|eh)|"
    r"\bfala(?:ndo)? com|"
    r"\b(?:eu )?sou(?: eu)?|\bsoy(?: yo)?|\bme llamo|\bmi nombre es|\ble habla|\bi ?[’']?m|\bi am|"
    r"\bmy name is|\bthis is|"
    r"(?:^|[\s,.;!])(?:é|eh|e))[\s,:]+",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:n[aã]o|n|nunca|not?)\s*$", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:a|o|el|la|the)\s+", re.IGNORECASE)


def read_identity(text: str) -> IdentityReading:
    """Name and digits said in `text`, each None when it is not there.

    1. A whole CPF gives its last three digits and is taken out of the text.
    2. Three digits count when a word like "final" or "CPF" introduces them, when a name stands beside
       them, or when the message says nothing else. Prices, protocols and counts never count.
    3. A name counts after "sou a", "meu nome é" and the like, beside the digits, or as the whole message.
    """
    written = compatible(strip_symbols(text))
    documents = [found for found in _DOCUMENT.finditer(written) if _is_document(found[0])]
    for found in reversed(documents):
        last_three = re.sub(r"\D", "", found[0])[-3:]
        written = f"{written[: found.start()]} cpf {last_three} {written[found.end() :]}"
    written = _GLUED.sub(" ", written)
    prepared = _join_digits(words_to_digits(_join_spelled(plain(written))))
    name = _introduced_name(written)
    digits, beside = _digits_and_neighbour(prepared, named=name is not None)
    name = name or _as_written(beside, written) or _whole_message_name(written, prepared)
    return IdentityReading(name, digits, bool(documents) or bool(_CNPJ.search(written)))


def redact(text: str) -> str:
    """`text` with whole CPF and CNPJ numbers replaced by what they are."""
    without = _DOCUMENT.sub(lambda found: "[CPF]" if _is_document(found[0]) else found[0], text)
    return _CNPJ.sub("[CNPJ]", without)


def match(first_name: str | None, digits: str | None, *, member_name: str, cpf_last_three: str) -> bool:
    """Whether both are the member's: accents and case ignored, titles dropped, compound names in any
    usual form.

    "Ana", "ana paula", "Anapaula" and "Ana Paula Souza" all name Ana Paula Souza; "Paula" does not.
    """
    if not first_name or digits is None or digits != cpf_last_three or len(digits) != 3:
        return False
    given, registered = _name_words(first_name), _name_words(member_name)
    if not given or not registered:
        return False
    compound = "".join(registered[:2]) if len(registered) > 1 else None
    return given[0] == registered[0] or given[0] == compound


def _name_words(name: str) -> list[str]:
    words = re.findall(r"[a-z]+", fold_accents(name).lower())
    return [
        word for i, word in enumerate(words) if not (i == 0 and word in _words("titles") and len(words) > 1)
    ]


def _is_document(written: str) -> bool:
    """Whether eleven digits are a CPF: typed with its punctuation, or with check digits that fit (a
    phone's do not).
    """
    return bool(re.search(r"\d\.\d|\d-\d", written)) or bool(CPF().validate(re.sub(r"\D", "", written)))


def _join_spelled(prepared: str) -> str:
    """Digits said one by one as one number: "um dois três" → "123"."""
    return _SPELLED_THREE.sub(lambda found: "".join(_SPELLED[word] for word in found.groups()), prepared)


def _join_digits(prepared: str) -> str:
    """Digits in groups as one number: "1 2 3", "1-2-3" and "0 12" are three digits."""
    return _GROUPS.sub(lambda found: re.sub(r"\D", "", found[0]), prepared)


def _digits_and_neighbour(prepared: str, *, named: bool) -> tuple[str | None, list[str]]:
    """The last acceptable three digits, and the words of a name that stands beside them."""
    digits: str | None = None
    neighbour: list[str] = []
    for found in _THREE.finditer(prepared):
        before, after = prepared[: found.start()], prepared[found.end() :]
        if _OTHER_NUMBER.search(before) and not _TAG.search(before):
            continue
        beside = _name_before(before) or _name_after(after)
        rest = set(re.findall(r"[a-z]+", before + " " + after))
        if beside or named or _TAG.search(before) or rest <= _words("around_digits"):
            digits, neighbour = found[0], beside or neighbour
    return digits, neighbour


def _name_before(before: str) -> list[str]:
    """The words of a name that ends right before the digits, a tag between them allowed: "ana souza,
    final".
    """
    clause = re.split(r"[.;!?\n]", _TAG.sub("", before).strip(" .,:-"))[-1]
    words: list[str] = []
    for word in reversed(re.findall(r"[a-z]+|\d+|,", clause)):
        if word in _words("kin"):
            return []  # "meu marido João 123": the writer is someone else
        if not _may_be_name(word):
            break
        words.insert(0, word)
    while words and words[0] in _words("particles"):
        words.pop(0)
    return words if len(words) <= 6 else []


def _name_after(after: str) -> list[str]:
    words: list[str] = []
    for word in re.findall(r"[a-z]+|\d+|[.;!?]", after.lstrip(" ,:-")):
        if not _may_be_name(word) or (not words and word in _words("particles")):
            break
        words.append(word)
    return words if len(words) <= 6 else []


def _may_be_name(word: str) -> bool:
    return word in _words("particles") or (
        word.isalpha() and len(word) > 1 and word not in _words("ordinary") and word not in _words("kin")
    )


def _introduced_name(written: str) -> str | None:
    """The last name introduced as the writer's own."""
    name = None
    for found in _INTRODUCED.finditer(written):
        rest = _ARTICLE.sub("", written[found.end() :], count=1)
        introduced = _leading_name(rest)
        if (
            introduced
            and not _DENIED.search(written[: found.start()])
            and _is_own(introduced, found[0], rest)
        ):
            name = introduced
    return name


def _is_own(name: str, introduction: str, rest: str) -> bool:
    """A bare "é" introduces anything, and "e" joins; then only a capital, digits after it or the end make
    a name of what follows.
    """
    verb = introduction.strip(" ,:.;!").lower()
    if verb not in {"é", "eh", "e"}:
        return True
    after = rest[len(name) :].strip(" .!,")
    return (
        name[0].isupper()
        or bool(re.match(r"(?:final |cpf )?\d{3}\b", after))
        or (verb != "e" and not after and " " not in name)
    )


def _leading_name(rest: str) -> str | None:
    """The name at the start of `rest`, title dropped: words up to the first that cannot be part of one."""
    words: list[str] = []
    for found in re.finditer(rf"({_LETTERS})([\s.]*)|(\S)", rest):
        folded = fold_accents(found[1] or "").lower().replace("'", "").replace("’", "")
        if not words and folded in _words("titles"):
            continue
        if (
            not found[1]
            or not _may_be_name(folded.replace("-", ""))
            or (not words and folded in _words("particles"))
        ):
            break
        words.append(found[1])
    while words and fold_accents(words[-1]).lower() in _words("particles"):
        words.pop()
    return " ".join(words) if 0 < len(words) <= 6 else None


def _as_written(folded: list[str], written: str) -> str | None:
    """The words as the member wrote them, accents and capitals kept."""
    if not folded:
        return None
    spelled = {fold_accents(word).lower(): word for word in re.findall(_LETTERS, written)}
    return " ".join(spelled.get(word, word.capitalize()) for word in folded)


def _whole_message_name(written: str, prepared: str) -> str | None:
    """The message itself, when it is one to four words that could be a name: the answer to "com quem
    falo?".
    """
    words = written.strip(" .!,").split()
    if not 0 < len(words) <= 4 or any(c.isdigit() for c in prepared):
        return None
    name = _leading_name(" ".join(words))
    whole = name is not None and len(name.split()) == len(words)
    return name if whole and (words[0][0].isupper() or len(words) <= 2) else None


@cache
def _words(section: str) -> frozenset[str]:
    return frozenset(lexicon.load("names")[section].split())
