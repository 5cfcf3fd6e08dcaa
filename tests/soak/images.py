"""Experiments on made-up images in all image layouts, with the small CLIP of the quickstart."""
import json
import pathlib
import shutil
import struct
import zlib

from methods import random_settings
from runner import require

ENCODER = pathlib.Path(__file__).resolve().parents[2] / "tools/demo/encoder"
WIDTH = 512  # channels of its features
NAMES = ["bear", "daisy", "lemon", "stop", "taxi", "violet"]


def png(pixels):
    """The bytes of a PNG file of these rows of (red, green, blue)."""
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", len(pixels[0]), len(pixels), 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + bytes(value for pixel in row for value in pixel) for row in pixels)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def bmp(pixels):
    """The bytes of a BMP file of these rows of (red, green, blue)."""
    padding = bytes(-3 * len(pixels[0]) % 4)
    rows = b"".join(bytes(value for pixel in row for value in reversed(pixel)) + padding for row in reversed(pixels))
    header = struct.pack("<IiiHHIIiiII", 40, len(pixels[0]), len(pixels), 1, 24, 0, len(rows), 2835, 2835, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(rows), 0, 0, 54) + header + rows


FORMATS = {".png": png, ".bmp": bmp}


def picture(draw, colour):
    """Stripes of a colour, with noise. Returns the suffix of the file, and its bytes."""
    width, height, stripe = draw.randint(20, 90), draw.randint(20, 90), draw.randint(3, 9)
    noisy = lambda value, x: max(0, min(255, (value if x // stripe % 2 else 255 - value) + draw.randint(-20, 20)))
    pixels = [[tuple(noisy(value, x) for value in colour) for x in range(width)] for _ in range(height)]
    suffix = draw.choice(sorted(FORMATS))
    return suffix, FORMATS[suffix](pixels)


class ImageSet:
    """Classes with some training images each, not always the same number, and test images with names of their own."""

    def __init__(self, draw):
        self.names = draw.sample(NAMES, draw.randint(3, len(NAMES)))
        colours = [[draw.randint(0, 255) for _ in range(3)] for _ in self.names]
        most = draw.randint(1, 4)
        self.train, self.test = [], []  # (name of the file, its bytes, class)
        for c, colour in enumerate(colours):
            for i in range(draw.randint(1, most) if draw.random() < 0.3 else most):
                suffix, content = picture(draw, colour)
                self.train.append((f"train_{c}_{i}{suffix}", content, c))
            for i in range(draw.randint(2, 4)):
                suffix, content = picture(draw, colour)
                self.test.append((f"test_{c}_{i}{suffix}", content, c))

    def write(self, folder, layout):
        """Writes the images and the experiment `folder`.toml, which it returns."""
        keys = LAYOUTS[layout](self, folder)
        file = folder.with_suffix(".toml")
        lines = [f"{key} = {json.dumps(value)}" for key, value in {"layout": layout, "root": folder.name, **keys}.items()]
        file.write_text("\n".join(["[data]", *lines, "[encoder]", 'plugin = "clip"',
                                   f'weights = "{ENCODER}/small_clip.safetensors"', f'vocabulary = "{ENCODER}/merges.txt"', ""]))
        return file


def write_images(folder, images, path):
    """path(name, c) is the path of an image below the folder."""
    for name, content, c in images:
        file = folder / path(name, c)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def write_folder(images, folder):
    path = lambda part: lambda name, c: f"{part}/{images.names[c]}/{name}"
    write_images(folder, images.train, path("train"))
    write_images(folder, images.test, path("test"))
    (folder / "classes.txt").write_text("".join(f"{name}\n" for name in images.names))
    return {"classes": "classes.txt"}


def write_track1(images, folder):
    path = lambda name, c: f"TrainSet/Animal/{images.names[c]}/{name}"
    write_images(folder, images.train, path)
    write_images(folder, images.test, lambda name, c: f"TestSet/{name}")
    (folder / "classes.txt").write_text("".join(f"Animal_{name} {c}\n" for c, name in enumerate(images.names)))
    (folder / "train.txt").write_text("".join(f"{path(name, c)} {c}\n" for name, _, c in images.train))
    (folder / "labels.txt").write_text("".join(f"{name} {c}\n" for name, _, c in images.test))
    return {"classes": "classes.txt", "train": "train.txt", "test": "TestSet", "labels": "labels.txt"}


def write_coop(images, folder):
    write_images(folder, images.train + images.test, lambda name, c: f"images/{name}")
    split = {part: [[name, c, images.names[c]] for name, _, c in entries]
             for part, entries in (("train", images.train), ("test", images.test))}
    (folder / "split.json").write_text(json.dumps(split))
    return {"split": "split.json", "images": "images"}


def write_lists(images, folder):
    write_images(folder, images.train + images.test, lambda name, c: f"images/{name}")
    (folder / "classes.txt").write_text("".join(f"{name}\n" for name in images.names))
    for part, entries in (("train", images.train), ("test", images.test)):
        (folder / f"{part}.txt").write_text("".join(f"{name} {images.names[c]}\n" for name, _, c in entries))
    return {"classes": "classes.txt", "train": "train.txt", "test": "test.txt", "images": "images"}


LAYOUTS = {"folder": write_folder, "track1": write_track1, "coop": write_coop, "lists": write_lists}


def classes_by_file(run):
    return {name.rsplit("/")[-1]: five for name, five in run.classes().items()}


def check(runner, draw):
    """Checks one experiment. Returns false if the runner refuses it."""
    images = ImageSet(draw)
    settings = random_settings(draw, WIDTH)
    settings |= {"data.shots": draw.randint(0, 3), "data.views": draw.choice([0, 2]),
                 "data.choose": draw.choice(["first", "random", "herding", "diverse", "text", "matching"]),
                 "encoder.precision": draw.choice(["float32", "auto"])}
    first, second = draw.sample(sorted(LAYOUTS), 2)
    file = images.write(runner.folder / first, first)
    run = runner.run(file, settings, threads=1)
    if run is None:
        return False
    expected = classes_by_file(run)
    require(expected.keys() == {name for name, _, _ in images.test}, "result.txt has not one line for each image")
    require(runner.run_again(file, settings, threads=2).lines == run.lines, f"stored features give another result: {settings}")
    shutil.rmtree(runner.folder / "features")
    require(runner.run_again(file, settings, threads=2).lines == run.lines, f"two threads give another result: {settings}")

    other = runner.run_again(images.write(runner.folder / second, second), settings, threads=2)
    require(classes_by_file(other) == expected, f"layout {second} gives another result than {first}: {settings}")
    if first == "track1" and run.has_model():
        out = runner.folder / "predicted.txt"
        arguments = ["predict", "--model", run.folder, "--images", runner.folder / first / "TestSet", "--out", out]
        require(runner.call(*arguments) is not None, f"predict refuses the run's own queries: {settings}: {runner.refusal}")
        require(out.read_text().splitlines() == run.lines, f"predict gives another result: {settings}")
    return True
