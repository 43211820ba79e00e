"""Grey pictures from matplotlib's sample data and from users' files."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from convlens.data import photograph, pictures, read_picture
from convlens.data.pixels import read_pixels
from convlens.errors import DataError, UsageError

LOSSLESS = {"PNG": {}, "BMP": {}, "GIF": {}, "WEBP": {"lossless": True}}


def saved(path, array, file_format="PNG", **options):
    """Save an array as a picture and return the path."""
    Image.fromarray(array).save(path, file_format, **options)
    return path


def encoded(file_format):
    """Return a small picture as the bytes of a file."""
    buffer = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (24, 20, 3), np.uint8)
    Image.fromarray(pixels).save(buffer, file_format)
    return buffer.getvalue()


def refusal(path):
    """Return the one line with which a picture is refused."""
    with pytest.raises(DataError) as caught:
        read_picture(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    return str(caught.value)


def png_of_size(width, height):
    """Return a PNG of a few bytes that announces any size."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"")
    chunks = (
        struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (header, data, b"IEND")
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_photograph():
    """The photograph is grey, square, uses the whole range and is the caller's own."""
    picture = photograph()
    assert picture.shape == (256, 256)
    assert picture.dtype == np.float32
    assert 0 <= picture.min() < 0.05
    assert 0.95 < picture.max() <= 1
    assert picture.std() > 0.2
    assert picture.flags.writeable
    picture[:] = 0
    assert photograph().max() > 0


@pytest.mark.parametrize("file_format", LOSSLESS)
def test_lossless_formats(tmp_path, file_format):
    """A grey picture in each lossless format comes back exactly, as 255ths, whatever its name."""
    pixels = np.arange(12 * 9, dtype=np.uint8).reshape(12, 9) * 2
    path = saved(tmp_path / "picture", pixels, file_format, **LOSSLESS[file_format])
    picture = read_picture(path)
    assert picture.dtype == np.float32
    np.testing.assert_array_equal(picture, pixels / np.float32(255))


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpeg(tmp_path, mode):
    """JPEGs in grey, colour and printing colours are read, close to what was saved."""
    path = tmp_path / "picture.jpg"
    Image.new("L", (40, 30), 128).convert(mode).save(path)
    np.testing.assert_allclose(read_picture(path), np.full((30, 40), 128 / 255), atol=0.02)


@pytest.mark.parametrize(
    ("size", "shape"), [((600, 300), (128, 256)), ((100, 512), (256, 50)), ((2000, 1), (1, 256))]
)
def test_scaled_down(tmp_path, size, shape):
    """The longer side is scaled to 256 pixels, and the shorter one in proportion, one pixel at least."""
    path = tmp_path / "picture.png"
    Image.new("L", size, 200).save(path)
    picture = read_picture(path)
    assert picture.shape == shape
    np.testing.assert_allclose(picture, 200 / 255, atol=1e-6)


def test_never_scaled_up(tmp_path):
    """A small picture keeps its size; the limit is the caller's."""
    path = saved(tmp_path / "picture.png", np.zeros((10, 20), np.uint8))
    assert read_picture(path).shape == (10, 20)
    assert read_picture(path, max_side=10).shape == (5, 10)
    with pytest.raises(UsageError, match="`max_side`"):
        read_picture(path, max_side=0)


def test_turned_as_the_camera_noted(tmp_path):
    """EXIF orientation 6 means: turn a quarter clockwise."""
    pixels = np.zeros((8, 16), np.uint8)
    pixels[:, :8] = 255  # white on the left, which turns to the top
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = read_picture(saved(tmp_path / "picture.png", pixels, exif=exif))
    assert picture.shape == (16, 8)
    assert picture[:8].min() == 1
    assert picture[8:].max() == 0


def test_transparent_is_white(tmp_path):
    """Black ink on nothing looks like black ink on white paper, in RGBA, in LA and in a palette."""
    pixels = np.zeros((2, 2, 4), np.uint8)
    pixels[0, 0, 3] = 255
    image = Image.fromarray(pixels)
    palette = Image.fromarray(np.array([[0, 1], [1, 1]], np.uint8)).convert("P")
    for name, version, options in (
        ("rgba", image, {}),
        ("la", image.convert("LA"), {}),
        ("palette", palette, {"transparency": 1}),
    ):
        path = tmp_path / name
        version.save(path, "PNG", **options)
        assert read_picture(path).tolist() == [[0, 1], [1, 1]], name


@pytest.mark.parametrize(
    ("ink", "there", "on"),
    [
        (255, 4, 0),  # white ink
        (245, 4, 0),  # nearly white
        (200, 4, 255),  # light grey is seen on white
        (0, 4, 255),  # black ink
        (255, 12, 255),  # a white sheet with a transparent edge
        (255, 0, 255),  # nothing at all
    ],
    ids=["white", "nearly white", "light grey", "black", "white sheet", "nothing"],
)
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_white_ink_is_laid_on_black(tmp_path, mode, ink, there, on):
    """White ink on a transparent ground would be lost on white paper."""
    pixels = np.zeros((4, 4, 4), np.uint8)
    pixels.reshape(16, 4)[:there] = (ink, ink, ink, 255)
    Image.fromarray(pixels).convert(mode).save(tmp_path / "picture.png")
    expected = np.where(np.arange(16) < there, ink, on).reshape(4, 4)
    np.testing.assert_array_equal(read_pixels(tmp_path / "picture.png").image[0], expected)
    np.testing.assert_array_equal(np.round(255 * read_picture(tmp_path / "picture.png")), expected)


def test_sixteen_bits_are_scaled(tmp_path):
    """A 16-bit grey picture keeps its greys instead of turning white."""
    pixels = np.array([[0, 128 * 256], [64 * 256, 65535]], np.uint16)
    path = saved(tmp_path / "picture.png", pixels)
    np.testing.assert_array_equal(
        read_picture(path), np.array([[0, 128], [64, 255]], np.float32) / np.float32(255)
    )


@pytest.mark.parametrize("mode", ["1", "P", "RGB"])
def test_other_modes(tmp_path, mode):
    """Black and white stay black and white in one-bit, palette and colour pictures."""
    path = tmp_path / "picture.png"
    Image.fromarray(np.array([[0, 255]], np.uint8)).convert(mode).save(path)
    assert read_picture(path).tolist() == [[0, 1]]


@pytest.mark.parametrize(
    "size", [(10_000, 5_001), (10_000, 9_000), (20_000, 20_000), (2**31 - 1, 2**31 - 1)], ids=str
)
def test_too_many_pixels(tmp_path, size):
    """A size above the limit is refused before anything is decoded, below and above Pillow's own limits."""
    path = tmp_path / "picture.png"
    path.write_bytes(png_of_size(*size))
    assert "more than 50,000,000 pixels" in refusal(path)


@pytest.mark.parametrize("file_format", pictures.FORMATS)
def test_truncated(tmp_path, file_format):
    """A picture that was cut in its first half is refused in every format."""
    content = encoded(file_format)
    path = tmp_path / "picture"
    for length in range(0, len(content) // 2, 7):
        path.write_bytes(content[:length])
        assert "picture" in refusal(path)


@given(
    file_format=st.sampled_from(pictures.FORMATS),
    changes=st.lists(st.tuples(st.integers(0, 10**4), st.integers(0, 255)), min_size=1, max_size=5),
)
def test_changed_bytes(file_format, changes, tmp_path_factory):
    """Whatever is wrong in a file, the answer is a picture or one line."""
    content = bytearray(encoded(file_format))
    for position, value in changes:
        content[position % len(content)] = value
    path = tmp_path_factory.mktemp("changed") / "picture"
    path.write_bytes(content)
    try:
        picture = read_picture(path)
    except DataError as error:
        assert "\n" not in str(error)  # noqa: PT017 -- both outcomes are right
    else:
        assert picture.ndim == 2
        assert 0 <= picture.min() <= picture.max() <= 1


def test_not_a_picture(tmp_path):
    """Text, an empty file and a format that is not accepted are refused by their content."""
    for content in (b"", b"hello", encoded("TIFF"), encoded("PPM")):
        path = tmp_path / "picture.png"
        path.write_bytes(content)
        assert "not a picture of the kind PNG, JPEG, BMP, GIF, WEBP" in refusal(path)


def test_no_file(tmp_path):
    """A missing file and a folder are told apart."""
    assert "does not exist" in refusal(tmp_path / "nothing.png")
    assert "is a folder" in refusal(tmp_path)
