"""Python's library as pyodide brings it is source, which takes longer to compile than all else of a start."""

import io
import marshal
import sys
import zipfile
from importlib.util import MAGIC_NUMBER

UNCHECKED_HASH = (1).to_bytes(4, "little") + bytes(8)


def compiled_library():
    """The library with the modules that are loaded by now compiled."""
    [source] = [path for path in sys.path if path.endswith(".zip")]
    loaded = {getattr(module, "__file__", None) for module in sys.modules.values()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(source) as library, zipfile.ZipFile(buffer, "w") as copy:
        for name in library.namelist():
            content, path = library.read(name), f"{source}/{name}"
            if path in loaded:
                content = MAGIC_NUMBER + UNCHECKED_HASH + marshal.dumps(compile(content, path, "exec", dont_inherit=True))
                name = f"{name}c"
            copy.writestr(name, content)
    return buffer.getvalue()
