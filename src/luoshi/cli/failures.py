"""Failures: how the command line says an error that was made on purpose, in this one place.

One line that begins with ``luoshi:`` and ends with the stable code in brackets; a list of
problems, and what else is to be known, follow on lines of their own. What keeps an installation
from starting is said in Chinese where the terminal speaks it; no page can be set up then, so its
sentences stand here and not in a catalogue.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping

from luoshi.kernel.errors import LuoshiError

LANGUAGE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where POSIX looks for the language of messages; the first that says something counts."""

CHINESE: Mapping[str, str] = {
    "database.address_invalid": "LUOSHI_DATABASE_URL 无法识别，"
    "请写成 postgresql://user:password@host:5432/luoshi 的形式",
    "database.not_ready": "数据库未就绪：{reason}",
    "database.unreachable": "LUOSHI_DATABASE_URL 所指的服务器没有应答：{reason}；"
    "请启动该服务器，或改正地址",
    "environment.address_taken": "无法监听 {host}:{port}（{reason}），请用 --port 换一个端口",
    "environment.disk_full": "要写入的磁盘已满，请腾出空间后重新运行",
    "environment.home": "无法使用 {home}：{reason}；请将 LUOSHI_HOME 设为当前账号可以写入的文件夹",
    "environment.not_a_demonstration": "{home} 中已有正式的机构"
    "（单位 {units} 个、事项 {cases} 件），请为演示另选文件夹：LUOSHI_HOME=… luoshi demo",
    "environment.not_installed": "{home} 中还没有安装：请先运行 luoshi init，"
    "或将 LUOSHI_HOME 设为已安装的文件夹",
    "environment.programme": "LUOSHI_OPEN311_* 中的 {unknown} 不是这里的专项"
    "（现有：{known}），请改正设置",
    "environment.setting": "设置 {name}={value} 无法使用：{wanted}",
    "environment.older": "{home} 由较早的版本安装，请运行 luoshi init 升级到当前版本",
}


FULL = (errno.ENOSPC, errno.EDQUOT)


class DiskFull(LuoshiError):
    """There is no room for what is to be written."""

    code = "environment.disk_full"
    template = "no space is left on the disk that it writes to; make room, then run it again"


def told(error: LuoshiError) -> str:
    """Return what is printed for *error*.

    Example:
        >>> from luoshi.kernel.errors import LuoshiError
        >>> told(LuoshiError(reason="no"))
        'luoshi: no [error]'
    """
    first, *more = _sentence(error).split("\n")
    notes = getattr(error, "__notes__", [])
    return "\n".join([f"luoshi: {first} [{error.code}]", *more, *notes])


def _sentence(error: LuoshiError) -> str:
    speaks = next((os.environ[name] for name in LANGUAGE if os.environ.get(name)), "")
    if speaks.startswith("zh") and error.code in CHINESE:
        return CHINESE[error.code].format(**error.data)
    return str(error)
