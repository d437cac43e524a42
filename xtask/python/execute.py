"""Executes a notebook, showing its progress; writes the executed copy and its pictures beside it."""
import base64, pathlib, sys, time
import nbclient, nbformat, nbformat.sign

source, target = map(pathlib.Path, sys.argv[1:3])
notebook = nbformat.read(source, as_version=4)
code = [c for c in notebook.cells if c.cell_type == "code"]
pictures = target.with_suffix("")
started = time.time()

class Client(nbclient.NotebookClient):
    done = 0

    async def async_execute_cell(self, cell, cell_index, **kwargs):
        if cell.cell_type == "code":
            Client.done += 1
            first = (cell.source.strip().splitlines() or [""])[0][:60]
            print(f"[{Client.done:2}/{len(code)}] {time.time() - started:5.1f} s  {first}", flush=True)
        return await super().async_execute_cell(cell, cell_index, **kwargs)

client = Client(notebook, kernel_name="distarray", timeout=300, resources={"metadata": {"path": str(target.parent)}})
try:
    client.execute()
except nbclient.exceptions.CellExecutionError as error:
    sys.exit(f"\nA cell failed:\n{error}")
finally:
    nbformat.write(notebook, target)
    # JupyterLab shows only text of a notebook that it does not trust; this one was made here.
    nbformat.sign.NotebookNotary().sign(notebook)

pictures.mkdir(exist_ok=True)
for old in pictures.iterdir():
    old.unlink()
count = 0
for cell in code:
    for output in cell.outputs:
        for mime, ending in (("image/svg+xml", "svg"), ("image/png", "png")):
            data = output.get("data", {}).get(mime)
            if data:
                count += 1
                path = pictures / f"{count:02}.{ending}"
                path.write_bytes(base64.b64decode(data) if ending == "png" else "".join(data).encode())
print(f"{len(code)} cells in {time.time() - started:.1f} s\nexecuted copy  {target}\n{count} pictures    {pictures}/")
