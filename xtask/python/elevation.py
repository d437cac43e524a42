"""Writes the elevation model of matplotlib's sample data (public USGS tile) as a plain .npy file."""
import glob, io, subprocess, sys, tempfile, zipfile
import numpy as np

with tempfile.TemporaryDirectory() as folder:
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                    "--only-binary=:all:", "-d", folder, "matplotlib"], check=True)
    with zipfile.ZipFile(glob.glob(folder + "/matplotlib-*.whl")[0]) as wheel:
        tile = wheel.read("matplotlib/mpl-data/sample_data/jacksboro_fault_dem.npz")
elevation = np.load(io.BytesIO(tile))["elevation"]
np.save(sys.argv[1], np.ascontiguousarray(elevation))
print(f"{elevation.shape[0]} x {elevation.shape[1]} {elevation.dtype}, {elevation.min()} to {elevation.max()} m")
