"""What an operator must know, each as one finding: good, to be looked at, or wrong, with what to do.

Nothing here changes anything, and no finding names a person."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import django
import redis
from cryptography import x509
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from povreg.jobs.models import Job
from povreg.jobs.workers import CLOCK_KEY, KEY
from povreg.kit.app_role import owns_tables, server_version
from povreg.proof.models import Seal
from povreg.shell.embedded import ServerError
from povreg.shell.keys import check_keys
from povreg.shell.models import BackupRun, KeyMark, RotationStep
from povreg.shell.status.media import is_shared
from povreg.shell.status.queues import depth, oldest_waiting
from povreg.shell.status.version import VERSION

GOOD, LOOK, WRONG = "good", "look", "wrong"
LEAST_FREE = 2 * 2**30  # bytes: a day's work of a county, and its backup's temporary files
SKEW = 2.0  # seconds between two clocks
WAITING = timedelta(minutes=15)
BACKUP_AGE, DRILL_AGE = timedelta(hours=26), timedelta(days=35)
CERTIFICATE_DAYS = 30
OLDEST_POSTGRES = 17  # MAINTAIN, which the application's role is given


@dataclass(frozen=True)
class Finding:
    """One thing: what it is called, how it stands, in words, and what to do where it is not good."""

    name: str
    state: str
    words: str
    remedy: str = ""


def findings() -> Iterator[Finding]:
    """All of them; one that cannot be asked is a finding of its own."""
    for name, ask in CHECKS:
        try:
            yield ask(name)
        except (DatabaseError, redis.RedisError, OSError, ServerError) as fault:
            yield Finding(name, WRONG, f"查不到（{type(fault).__name__}）", "请看日志，并核对服务是否在运行。")


def versions(name: str) -> Finding:
    said = f"povreg {VERSION}，Django {django.get_version()}，Python {sys.version.split()[0]}"
    return Finding(name, GOOD, said)


def database(name: str) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0] / 2**20
    number = server_version()
    words = f"PostgreSQL {number // 10000}.{number % 10000}，{size:.0f} MB"
    if number < OLDEST_POSTGRES * 10000:
        return Finding(name, WRONG, words, f"请升级到 PostgreSQL {OLDEST_POSTGRES} 或更新。")
    if owns_tables():
        return Finding(name, LOOK, f"{words}；网页用所有者账号连接", "请设置 DATABASE_OWNER_URL 并运行 migrate。")
    return Finding(name, GOOD, words)


def migrations(name: str) -> Finding:
    executor = MigrationExecutor(connection)
    left = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if left:
        return Finding(name, WRONG, f"还有 {len(left)} 个没有执行", "请运行 migrate，再重新启动各进程。")
    return Finding(name, GOOD, "都已执行")


def keys(name: str) -> Finding:
    try:
        check_keys()
    except ServerError as fault:
        return Finding(name, WRONG, str(fault))
    marks = KeyMark.objects.exclude(hash_mark="").count()
    if marks > 1 or RotationStep.objects.exists():
        return Finding(name, LOOK, "更换密钥没有做完，导入和比对在等", "请再运行 rotate_keys。")
    if len(settings.FIELD_ENCRYPTION_KEYS) > KeyMark.objects.count():
        return Finding(name, LOOK, "设置里有不再需要的旧密钥", "可以从 FIELD_ENCRYPTION_KEYS 里去掉。")
    if KeyMark.objects.count() > 1:
        return Finding(name, LOOK, "新旧密钥都在用", "请运行 rotate_keys，做完后去掉旧密钥。")
    return Finding(name, GOOD, "与数据库相符")


def media(name: str) -> Finding:
    folder = Path(settings.MEDIA_ROOT)
    if not os.access(folder, os.W_OK):
        return Finding(
            name,
            WRONG,
            f"{folder} 不能写入",
            "请核对 MEDIA_ROOT 和目录的所有者；几台机器一起运行时，必须是同一个共享目录。",
        )
    if not is_shared():
        return Finding(
            name, WRONG, f"{folder} 不是这个数据库的文件目录",
            "几台机器一起运行时，MEDIA_ROOT 必须是同一个共享目录；恢复后请确认文件也已恢复。",
        )  # fmt: skip
    return Finding(name, GOOD, str(folder))


def disk(name: str) -> Finding:
    folder = Path(settings.MEDIA_ROOT)
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    words = f"还有 {free / 2**30:.1f} GB"
    return Finding(name, GOOD, words) if free > LEAST_FREE else Finding(name, WRONG, words, "请清理或扩大磁盘。")


def clocks(name: str) -> Finding:
    with connection.cursor() as cursor:
        began = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        apart = abs(float(cursor.fetchone()[0]) - (began + time.time()) / 2)
    words = f"与数据库相差 {apart:.1f} 秒"
    return Finding(name, GOOD, words) if apart < SKEW else Finding(name, WRONG, words, "请在各台机器上启用时间同步。")


def redis_server(name: str) -> Finding:
    said = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3).info("server")
    return Finding(name, GOOD, f"Redis {said['redis_version']}")


def workers(name: str) -> Finding:
    missing = [label for key, label in ((KEY, "任务进程"), (CLOCK_KEY, "时钟进程")) if cache.get(key) is None]
    if missing:
        return Finding(name, WRONG, f"{'、'.join(missing)}没有心跳", "请启动 celery worker；任务和期限都在等它。")
    return Finding(name, GOOD, "都有心跳")


def queue(name: str) -> Finding:
    waiting, since = depth(), oldest_waiting()
    failed = Job.objects.filter(status=Job.Status.FAILED, created_at__gt=timezone.now() - timedelta(days=1)).count()
    words = f"排队 {waiting} 项，一天内失败 {failed} 项"
    if since is not None and timezone.now() - since > WAITING:
        return Finding(name, LOOK, f"{words}；最早的已等 {_age(since)}", "请看任务进程是否在工作、是否太少。")
    return Finding(name, LOOK if failed else GOOD, words, "请在“任务”里看原因。" if failed else "")


def backups(name: str) -> Finding:
    last = BackupRun.objects.filter(kind=BackupRun.Kind.BACKUP, ok=True).first()
    if last is None:
        return Finding(name, WRONG, "还没有备份", "请每天运行 backup，并把备份放到另一台机器上。")
    words = f"最近一次 {timezone.localtime(last.at):%Y-%m-%d %H:%M}，{last.rows} 行"
    late = timezone.now() - last.at > BACKUP_AGE
    return Finding(name, WRONG if late else GOOD, words, "已超过一天，请看定时任务。" if late else "")


def drills(name: str) -> Finding:
    last = BackupRun.objects.filter(kind=BackupRun.Kind.DRILL, ok=True).first()
    if last is None:
        return Finding(name, LOOK, "还没有试过恢复", "请运行 restore --try；没有试过的备份不算备份。")
    words = f"{timezone.localtime(last.at):%Y-%m-%d}：{last.said}"
    late = timezone.now() - last.at > DRILL_AGE
    return Finding(name, LOOK if late else GOOD, words, "已超过一个月，请再试一次。" if late else "")


def seals(name: str) -> Finding:
    last = Seal.objects.order_by("-day").values_list("day", flat=True).first()
    if last is None:
        return Finding(name, LOOK, "还没有封印", "时钟进程每天凌晨封印；新安装第二天就有。")
    late = timezone.localdate() - last > timedelta(days=2)
    return Finding(name, WRONG if late else GOOD, f"封到 {last}", "请看时钟进程。" if late else "")


def certificate(name: str) -> Finding:
    if not settings.CERTIFICATE:
        words = "没有指明证书文件" if settings.HTTPS else "没有启用 HTTPS"
        return Finding(name, LOOK, words, "请把 CERTIFICATE 设为反向代理所用证书的路径，到期前会提醒。")
    ends = x509.load_pem_x509_certificate(Path(settings.CERTIFICATE).read_bytes()).not_valid_after_utc
    days = (ends - timezone.now()).days
    words = f"还有 {days} 天到期"
    return Finding(name, GOOD, words) if days > CERTIFICATE_DAYS else Finding(name, WRONG, words, "请更换证书。")


def _age(since: datetime) -> str:
    minutes = int((timezone.now() - since).total_seconds() // 60)
    return f"{minutes // 60} 小时 {minutes % 60} 分" if minutes >= 60 else f"{minutes} 分钟"


Ask = Callable[[str], Finding]
CHECKS: tuple[tuple[str, Ask], ...] = (
    ("版本", versions),
    ("数据库", database),
    ("迁移", migrations),
    ("密钥", keys),
    ("文件目录", media),
    ("磁盘", disk),
    ("时钟", clocks),
    ("Redis", redis_server),
    ("后台进程", workers),
    ("任务队列", queue),
    ("备份", backups),
    ("试恢复", drills),
    ("每日封印", seals),
    ("证书", certificate),
)
