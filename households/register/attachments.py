"""Photos and scans of a household: checked by content, images written anew without place and device data, PDFs without
what acts."""

import hashlib
import io
from pathlib import PurePath

from django.core.files.base import ContentFile, File
from django.utils import timezone
from PIL import Image, ImageOps

from households.models import Attachment, Household
from households.register import after
from households.register.errors import refusal
from households.register.guard import lock
from povreg.kit import heic
from povreg.kit.heic import as_jpeg, is_heic
from povreg.kit.history import act
from povreg.kit.pdf import Locked, Unreadable, harmless
from villages.codes.selectors import labels
from villages.models import User
from villages.rights import Right

LARGEST = 10 * 1024 * 1024
"""Bytes."""
MOST_PIXELS = {"JPEG": 60_000_000, "MPO": 60_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
"""A JPEG is shrunk while it is read; the others unpack whole, four bytes a pixel."""
LONGEST_SIDE = 3000
"""Pixels; a larger photo is scaled down."""
SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "application/pdf": ".pdf"}
KINDS_OF_IMAGE = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
MANY_IN_ONE = "MPO"  # a phone's JPEG with a second image inside, of which the first is kept
NOT_ACCEPTED = "只能上传 JPG、PNG、WebP、HEIC 图片或 PDF 文件，请转换格式后再传。"
LOCKED_PDF = "这个 PDF 文件有密码或限制，无法检查，请去掉密码和限制（可另行打印成 PDF）后再传。"
BROKEN_PDF = "这个 PDF 文件打不开或内容过于复杂，请重新扫描或另存为 PDF 后再传。"
BROKEN = "这个图片文件打不开，可能没有传完整，请重新拍摄或重新选择文件。"


def add_attachment(
    *,
    by: User | None,
    household: Household,
    year: int | None,
    kind: str,
    file: File,
    title: str = "",
    right: Right = Right.HOUSEHOLD_EDIT,
) -> Attachment:
    """Keep a JPEG, PNG, WebP, HEIC (as JPEG) or PDF of at most 10 MB; ``kind`` is a code of ``attachment_kind``.

    The type is read from the content, not the name. Images are re-encoded, which drops EXIF with place and device;
    PDFs lose scripts, actions and files inside.
    ``right`` is what the deed takes that the file belongs to (a measure's paper, a visit's photo).
    Raises ValidationError beside ``file`` or ``kind``, PermissionDenied.
    """
    if kind not in labels("attachment_kind"):
        raise refusal("请选择附件类别。", field="kind")
    with act(by=by, verb="add_attachment"):
        locked = lock(by, household, right)
        content, content_type = checked(file)
        row = Attachment(
            household=locked,
            village_id=locked.village_id,
            year=year,
            kind=kind,
            title=title.strip()[:80],
            original_name=PurePath(file.name or "").name[-120:],
            content_type=content_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            by=by,
        )
        if locked.attachments.filter(sha256=row.sha256, removed_at__isnull=True).exists():
            raise refusal("这个文件已经上传过了。", field="file")
        row.file.save(f"file{SUFFIXES[content_type]}", ContentFile(content), save=True)
        after.changed([locked.pk])
    return row


def remove_attachment(*, by: User | None, attachment: Attachment, reason: str) -> Attachment:
    """Take a file off the household's page; the file and its row stay for the history. Raises ValidationError without a
    reason, PermissionDenied."""
    if not reason.strip():
        raise refusal("请写明移除的原因。", field="reason")
    with act(by=by, verb="remove_attachment", reason=reason):
        locked = lock(by, attachment.household)
        row = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
        if row.removed_at is None:
            row.removed_at = timezone.now()
            row.save(update_fields=["removed_at"])
            after.changed([locked.pk])
    return row


def checked(file: File) -> tuple[bytes, str]:
    """The bytes to keep and their type. Raises ValidationError beside ``file``."""
    if file.size > LARGEST:
        raise refusal(f"文件有 {file.size / 1024 / 1024:.1f} MB，超过 10 MB，请压缩后再传。", field="file")
    content = file.read()
    if not content:
        raise refusal("文件是空的，请重新选择。", field="file")
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return _quiet(content), "application/pdf"
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or content[8:12] == b"WEBP":
        return _rewritten(content)
    if is_heic(content):
        return _from_heic(content)
    raise refusal(NOT_ACCEPTED, field="file")


def _from_heic(content: bytes) -> tuple[bytes, str]:
    """A photo as newer phones store it, as JPEG. Raises ValidationError beside ``file``."""
    try:
        return as_jpeg(content), "image/jpeg"
    except heic.Unreadable as fault:
        raise refusal(BROKEN, field="file") from fault


def _quiet(content: bytes) -> bytes:
    """The pages of a PDF alone. Raises ValidationError beside ``file``."""
    try:
        return harmless(content)
    except Locked as fault:
        raise refusal(LOCKED_PDF, field="file") from fault
    except Unreadable as fault:
        raise refusal(BROKEN_PDF, field="file") from fault


def _rewritten(content: bytes) -> tuple[bytes, str]:
    """The image alone: pixels turned upright, no EXIF, no comments, at most LONGEST_SIDE pixels long."""
    try:
        with Image.open(io.BytesIO(content), formats=tuple(KINDS_OF_IMAGE)) as probe:
            most = MOST_PIXELS[str(probe.format)]
            if probe.width * probe.height > most:
                raise refusal(f"图片像素过大（超过 {most // 10_000} 万），请缩小后再传。", field="file")
            probe.verify()
        with Image.open(io.BytesIO(content), formats=tuple(KINDS_OF_IMAGE)) as image:
            kind = "JPEG" if image.format == MANY_IN_ONE else str(image.format)
            image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _encoded(upright, kind), KINDS_OF_IMAGE[kind]
    except (OSError, SyntaxError, Image.DecompressionBombError) as fault:
        raise refusal(BROKEN, field="file") from fault


def _encoded(image: Image.Image, kind: str) -> bytes:
    bare = Image.new(image.mode, image.size)
    if image.mode == "P" and (palette := image.getpalette()):
        bare.putpalette(palette)
    bare.paste(image)
    out = io.BytesIO()
    bare.convert("RGB" if kind == "JPEG" else bare.mode).save(out, kind, **({} if kind == "PNG" else {"quality": 85}))
    return out.getvalue()
