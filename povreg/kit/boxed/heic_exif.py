"""Child of povreg.kit.photos: reads a HEIC photo from standard input and writes its notes (EXIF) to standard output."""

import io
import resource
import sys

MEMORY = 1024 * 2**20  # bytes of address space
SECONDS = 20  # of processor
MOST = 1_000_000  # bytes of notes


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    import pillow_heif  # noqa: PLC0415 - under the limits
    from PIL import Image  # noqa: PLC0415

    pillow_heif.register_heif_opener(thumbnails=False)
    with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=("HEIF",)) as image:
        notes = image.info.get("exif", b"")
    sys.stdout.buffer.write(notes[:MOST])


if __name__ == "__main__":
    main()
