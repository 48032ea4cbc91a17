"""gdaldem (Debian: gdal-bin) as outside truth: arrays in, arrays out, through ESRI's raw format, which needs no library."""

import shutil
import subprocess
from pathlib import Path

import numpy as np

NODATA = -9999.0
MISSING = "gdaldem is not installed; it is in Debian's package gdal-bin (python3 dev.py setup installs it for root)"


def available() -> bool:
    return shutil.which("gdaldem") is not None


def gdaldem(folder: Path, dem, mode: str, *options, spacing=(1.0, 1.0)):
    """The result of one mode: float32, NaN where nodata; of hillshade bytes, 0 where nodata."""
    rows, columns = dem.shape
    source, raw = folder / "dem.bil", folder / "result.bil"
    np.where(np.isnan(dem), NODATA, dem).astype("<f4").tofile(source)
    source.with_suffix(".hdr").write_text(
        f"BYTEORDER I\nLAYOUT BIL\nNROWS {rows}\nNCOLS {columns}\nNBANDS 1\nNBITS 32\nPIXELTYPE FLOAT\n"
        f"NODATA {NODATA}\nULXMAP 500000\nULYMAP 4000000\nXDIM {spacing[0]!r}\nYDIM {spacing[1]!r}\n"
    )
    command = ["gdaldem", mode, source, raw, "-q", "-of", "EHdr", *options]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    values = np.fromfile(raw, np.uint8 if mode == "hillshade" else "<f4").reshape(rows, columns)
    if mode == "hillshade":
        return values
    return np.where(values == NODATA, np.float32(np.nan), values)
