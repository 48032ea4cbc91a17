"""A first picture: an array goes in, a PNG comes out."""

from __future__ import annotations

import _common
import vulkan_forge as vf


def main() -> None:
    """Draw a synthetic island from the south-west."""
    output, device = _common.arguments("first_picture", __doc__)
    dem = _common.island()

    picture = vf.render(
        dem.heights,
        spacing=dem.spacing,
        size=(720, 540),
        cmap="gist_earth",
        vmin=-700,
        device=device,
    )
    picture.save(output / "first_picture.png")

    environment = vf.Renderer(1, 1, device=device).report_environment()
    _common.write_reports(output, environment, picture.metrics)


if __name__ == "__main__":
    main()
