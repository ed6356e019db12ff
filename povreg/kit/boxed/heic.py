"""Child of povreg.kit.heic: reads a HEIC photo from standard input and writes it to standard output as JPEG.

Only the first picture is drawn, upright; what stands beside it (position, device, thumbnails) is left behind.
"""

import io
import resource
import sys

MEMORY = 1024 * 2**20  # bytes of address space
SECONDS = 20  # of processor
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 3000  # pixels


def limit() -> None:
    """Before the reader is even loaded."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> None:
    limit()
    import pillow_heif  # noqa: PLC0415 - under the limits
    from PIL import Image, ImageOps  # noqa: PLC0415

    pillow_heif.register_heif_opener(thumbnails=False)
    with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=("HEIF",)) as image:
        if image.width * image.height > MOST_PIXELS:
            return
        upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=85)
    sys.stdout.buffer.write(out.getvalue())


if __name__ == "__main__":
    main()
