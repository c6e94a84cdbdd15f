"""Ways to damage a bundle as a file, or to make a good zip of other members."""

from __future__ import annotations

import io
import random
import zipfile

from tests.bundle.bundle_archive import put, zipped

Members = dict[str, bytes]
CONTAINER = {
    "truncated",
    "not-alone",
    "too-large",
    "path-outside",
    "doubled-member",
    "unknown-member",
    "missing-member",
    "not-canonical",
}
MANIFEST = {"manifest-wrong", "other-format"}


def flip_bits(data: bytes, _: Members, rng: random.Random) -> Made:
    content, places = bytearray(data), set()
    for _bit in range(rng.choice([1, 1, 1, 2, 8])):
        places.add(rng.randrange(len(data)))
        content[max(places)] ^= 1 << rng.randrange(8)
    for place in places:
        content[place] ^= 1 << rng.randrange(8)
    return bytes(content), _right_for(data, places)


def _right_for(data: bytes, places: set[int]) -> set[str]:
    """Return the verdicts that name a change of the bytes at some places."""
    right = set[str]()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        end = archive.start_dir
        for entry in archive.infolist():
            body = entry.header_offset + 30 + len(entry.filename)
            here = {one for one in places if body <= one < body + entry.file_size}
            if here and entry.filename == "manifest.json":
                right |= MANIFEST | CONTAINER | {"altered-member"}
            elif here:
                right |= {"altered-member"}
            begin = entry.header_offset
            if any(begin <= one < body for one in places):
                right |= CONTAINER
    if any(one >= end for one in places):
        right |= CONTAINER | {"altered-member"} | MANIFEST
    return right


def truncate(data: bytes, _: Members, rng: random.Random) -> Made:
    return data[: rng.randrange(len(data))], {"truncated"}


def append(data: bytes, _: Members, rng: random.Random) -> Made:
    return data + rng.randbytes(rng.randrange(1, 64)), {"not-alone"}


def cut_out(data: bytes, _: Members, rng: random.Random) -> Made:
    start = rng.randrange(len(data) - 1)
    end = min(len(data), start + rng.randrange(1, 400))
    return data[:start] + data[end:], CONTAINER | MANIFEST


def insert(data: bytes, _: Members, rng: random.Random) -> Made:
    place = rng.randrange(len(data))
    return data[:place] + rng.randbytes(rng.randrange(1, 64)) + data[place:], CONTAINER


def wipe(data: bytes, _: Members, rng: random.Random) -> Made:
    start = rng.randrange(len(data) - 1)
    end = min(len(data), start + rng.randrange(1, 64))
    made = data[:start] + bytes(end - start) + data[end:]
    changed = {one for one in range(start, end) if made[one] != data[one]}
    return made, _right_for(data, changed)


def nonsense(_: bytes, __: Members, rng: random.Random) -> Made:
    return rng.randbytes(rng.randrange(2_000)), CONTAINER


def alter_member(_: bytes, members: Members, rng: random.Random) -> Made:
    name = _any(members, rng)
    members[name] = altered(members[name], rng)
    right = MANIFEST | CONTAINER | {"altered-member"}
    return put(members), right if name == "manifest.json" else {"altered-member"}


def exchange_members(_: bytes, members: Members, rng: random.Random) -> Made:
    one, other = rng.sample(sorted(set(members) - {"manifest.json"}), 2)
    members[one], members[other] = members[other], members[one]
    return put(members), {"altered-member"}


def remove_member(_: bytes, members: Members, rng: random.Random) -> Made:
    del members[_any(members, rng)]
    return put(members), {"missing-member"}


def add_member(_: bytes, members: Members, rng: random.Random) -> Made:
    names = ["x.json", "events/000099.json", "rules/x.toml", "files/000002.opened"]
    members[rng.choice([*names, "timeline.fr.html", "Manifest.json"])] = b"x"
    return put(members), {"unknown-member"}


def rename_outside(_: bytes, members: Members, rng: random.Random) -> Made:
    paths = ["../x", "/etc/passwd", "a/../../x", "c:x", "a\\..\\x", "a//b", "./x", "a/"]
    members[rng.choice(paths)] = members.pop(_any(members, rng))
    return put(members), {"path-outside"}


def double(_: bytes, members: Members, rng: random.Random) -> Made:
    names = sorted(members, key=lambda name: (name != "manifest.json", name))
    rows = [(name, members[name]) for name in names]
    again = rng.choice(rows)
    place = rng.randrange(len(rows) + 1)
    rows.insert(place, (again[0], rng.choice([again[1], b"{}"])))
    return _quietly(rows), {"doubled-member"}


def reorder(_: bytes, members: Members, rng: random.Random) -> Made:
    rows = [(name, members[name]) for name in members]
    rng.shuffle(rows)
    return zipped(rows), {"not-canonical"}


def compress(_: bytes, members: Members, rng: random.Random) -> Made:
    bomb = rng.random() < 0.5
    if bomb:
        members["timeline.en.html"] = bytes(3_000_000)
    return put(members, method=zipfile.ZIP_DEFLATED), {"too-large", "not-canonical"}


Made = tuple[bytes, set[str]]


def _any(members: Members, rng: random.Random) -> str:
    return rng.choice(sorted(members))


def altered(content: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(content))
    match rng.randrange(4):
        case 0:
            return content[:place] + content[place + 1 :]
        case 1:
            return content[:place] + rng.randbytes(1) + content[place:]
        case 2:
            return content[:place]
        case _:
            bit = bytes([content[place] ^ 1 << rng.randrange(8)])
            return content[:place] + bit + content[place + 1 :]


def _quietly(rows: list[tuple[str, bytes]]) -> bytes:
    """Pack with a name that is there twice, which the library warns of."""
    place = {f"{n:03d}": (name, body) for n, (name, body) in enumerate(rows)}
    data = zipped([(f"{key}{name[3:]}", body) for key, (name, body) in place.items()])
    for key, (name, _) in place.items():
        data = data.replace(f"{key}{name[3:]}".encode(), name.encode(), 2)
    return data
