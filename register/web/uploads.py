"""Files that somebody sends along with a form: the register takes none, so none reaches the disk. Named by
``FILE_UPLOAD_HANDLERS``.

Django bounds what the fields of a form hold together, but not a file beside them, which it would write to the disk
before anybody looks who sent it.
"""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class NoFiles(FileUploadHandler):
    """Ends the reading of a request at the first file in it, with the page of a bad request."""

    def new_file(self, *args: Any, **options: Any) -> None:
        raise RequestDataTooBig("The register takes no files.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Nothing of a file is received."""

    def file_complete(self, file_size: int) -> None:
        """No file is ever complete."""
