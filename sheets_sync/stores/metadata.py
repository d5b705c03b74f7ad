"""From the file that is read to the one that takes its place: owner, mode, attributes and ACLs."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from sheets_sync.errors import Forbidden

_ACL = "system.posix_acl_access"
_REFUSED = frozenset({errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL})
_MACOS_METADATA = 0b111
"""COPYFILE_ACL, COPYFILE_STAT and COPYFILE_XATTR of ``copyfile.h``."""


if sys.platform == "win32":

    def copy_metadata(_source: Path, _descriptor: int) -> None:
        """Nothing: ReplaceFileW keeps what the replaced file had."""

else:

    def copy_metadata(source: Path, descriptor: int) -> None:
        """Give an open file what the other has, so that the same people can do the same with it.

        A group that cannot be kept, where it has rights that others have not, is Forbidden.
        """
        found = source.stat()
        _copy_owner(source, found, descriptor)
        if sys.platform == "darwin":
            _copy_as_macos_does(source, descriptor)
        elif sys.platform == "linux":
            _copy_attributes(source, descriptor)
        os.fchmod(descriptor, stat.S_IMODE(found.st_mode))

    def _copy_owner(source: Path, found: os.stat_result, descriptor: int) -> None:
        """Owner and group; a plain user may give a file to a group, not to another owner."""
        ours = os.fstat(descriptor)
        if (ours.st_uid, ours.st_gid) == (found.st_uid, found.st_gid):
            return
        for owner in (found.st_uid, -1):
            with suppress(PermissionError):
                os.fchown(descriptor, owner, found.st_gid)
                return
        if (found.st_mode >> 3) & ~found.st_mode & 0o7:
            raise Forbidden("group_not_kept", file=str(source))


if sys.platform == "linux":

    def _copy_attributes(source: Path, descriptor: int) -> None:
        """Extended attributes and the ACL, which is one of them."""
        try:
            wanted = os.listxattr(source)
        except OSError as error:
            if error.errno in _REFUSED:
                return
            raise
        for name in set(os.listxattr(descriptor)) - set(wanted):
            _set_attribute(descriptor, name, None)
        for name in wanted:
            _set_attribute(descriptor, name, os.getxattr(source, name))

    def _set_attribute(descriptor: int, name: str, value: bytes | None) -> None:
        """Set or (None) remove; what a plain user may not set (security labels) stays away."""
        try:
            if value is None:
                os.removexattr(descriptor, name)
            else:
                os.setxattr(descriptor, name, value)
        except OSError as error:
            if error.errno not in _REFUSED or name == _ACL or name.startswith("user."):
                raise


if sys.platform == "darwin":

    def _copy_as_macos_does(source: Path, descriptor: int) -> None:
        """Flags, attributes and ACL by the system's own call, which Python does not offer."""
        import ctypes

        library = ctypes.CDLL(None, use_errno=True)
        original = os.open(source, os.O_RDONLY)
        try:
            if library.fcopyfile(original, descriptor, None, _MACOS_METADATA) != 0:
                code = ctypes.get_errno()
                raise OSError(code, os.strerror(code), str(source))
        finally:
            os.close(original)
        os.utime(descriptor)
