"""A grid written by hand on moderngl, what a skilled user would build in an afternoon.

R32F height texture, vertices pulled from it by index, two triangles a cell, normals a pixel from
the full-resolution texture, EGL without a display. Shading is done on sRGB values, which is
cheaper than right. Variants: `full` draws every sample; `cut` a fixed grid of 1024 x 1024 vertices
(512 x 512 for a DEM of 1024), so its geometry aliases.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

import world

if TYPE_CHECKING:
    import moderngl
    import numpy as np

VERTEX = """
#version 330
uniform sampler2D heights;
uniform mat4 clip_from_world;
uniform vec2 corner;      // of the first sample, world metres
uniform vec2 spacing;     // east, south
uniform ivec2 vertices;
uniform float exaggeration;
out vec2 cell;
out float height;
void main() {
    ivec2 vertex = ivec2(gl_VertexID % vertices.x, gl_VertexID / vertices.x);
    ivec2 last = textureSize(heights, 0) - 1;
    ivec2 texel = vertex * last / (vertices - 1);
    height = texelFetch(heights, texel, 0).r;
    cell = vec2(texel);
    vec2 ground = corner + cell * spacing;
    gl_Position = clip_from_world * vec4(ground, height * exaggeration, 1.0);
}
"""

FRAGMENT = """
#version 330
uniform sampler2D heights;
uniform sampler2D table;
uniform vec2 spacing;
uniform float exaggeration;
uniform vec2 height_range;
uniform vec3 sun;
uniform float ambient;
in vec2 cell;
in float height;
out vec4 colour;
void main() {
    ivec2 last = textureSize(heights, 0) - 1;
    ivec2 here = clamp(ivec2(cell + 0.5), ivec2(1), last - 1);
    float east = texelFetch(heights, here + ivec2(1, 0), 0).r;
    float west = texelFetch(heights, here - ivec2(1, 0), 0).r;
    float south = texelFetch(heights, here + ivec2(0, 1), 0).r;
    float north = texelFetch(heights, here - ivec2(0, 1), 0).r;
    vec2 slope = 0.5 * exaggeration * vec2(east - west, south - north) / spacing;
    float lit = max(0.0, dot(normalize(vec3(-slope, 1.0)), sun));
    float place = (height - height_range.x) / (height_range.y - height_range.x);
    vec3 base = texelFetch(table, ivec2(clamp(place * 256.0, 0.0, 255.0), 0), 0).rgb;
    colour = vec4(base * (ambient + (1.0 - ambient) * lit), 1.0);
}
"""

ROWS_AT_ONCE = 512


class ModernGL:
    def __init__(self, options: Namespace) -> None:
        import moderngl

        self.moderngl = moderngl
        self.cut = options.variant == "cut"

    def open(self) -> None:
        import numpy as np

        if sys.platform == "linux":
            self.context = self.moderngl.create_context(
                standalone=True, backend="egl", libgl="libGL.so.1", libegl="libEGL.so.1"
            )
        else:
            self.context = self.moderngl.create_context(standalone=True)
        size = (world.WIDTH, world.HEIGHT)
        self.target = self.context.framebuffer(
            self.context.renderbuffer(size, 4), self.context.depth_renderbuffer(size)
        )
        self.target.use()
        self.context.enable(self.moderngl.DEPTH_TEST)
        self.picture = np.empty((world.HEIGHT, world.WIDTH, 4), np.uint8)

    def build(self, dem: np.ndarray, table: np.ndarray) -> None:
        size = dem.shape[0]
        side = min(1024, size // 2) if self.cut else size
        program = self.context.program(VERTEX, FRAGMENT)
        self.heights = self.context.texture((size, size), 1, dem, dtype="f4")
        self.colours = self.context.texture((256, 1), 3, table.tobytes(), alignment=1)
        for texture in (self.heights, self.colours):
            texture.filter = (self.moderngl.NEAREST, self.moderngl.NEAREST)
        self.heights.use(0)
        self.colours.use(1)
        step = world.EXTENT_M / (size - 1)
        program["heights"] = 0
        program["table"] = 1
        program["corner"] = (-world.EXTENT_M / 2.0, world.EXTENT_M / 2.0)
        program["spacing"] = (step, -step)
        program["vertices"] = (side, side)
        program["exaggeration"] = world.EXAGGERATION
        program["height_range"] = (float(dem.min()), float(dem.max()))
        program["sun"] = world.bearing(world.SUN_AZIMUTH_DEG, world.SUN_ALTITUDE_DEG)
        program["ambient"] = world.AMBIENT
        self.matrix = program["clip_from_world"]
        self.grid = self.context.vertex_array(program, [], index_buffer=self._indices(side))

    def _indices(self, side: int) -> moderngl.Buffer:
        """Two triangles a cell, written in strips of rows so that no second copy exists."""
        import numpy as np

        row_bytes = (side - 1) * 6 * 4
        buffer = self.context.buffer(reserve=(side - 1) * row_bytes)
        corners = np.array([0, side, 1, 1, side, side + 1], np.uint32)
        row = np.arange(side - 1, dtype=np.uint32)[:, None] + corners
        for top in range(0, side - 1, ROWS_AT_ONCE):
            rows = np.arange(top, min(top + ROWS_AT_ONCE, side - 1), dtype=np.uint32)
            strip = rows[:, None, None] * np.uint32(side) + row
            buffer.write(strip, offset=top * row_bytes)
        return buffer

    def frame(self, azimuth_deg: float) -> np.ndarray:
        import numpy as np

        matrix = world.clip_from_world(azimuth_deg, top_row_first=True)
        self.matrix.write(np.array(matrix, np.float32).T.tobytes())
        self.target.clear(*(byte / 255.0 for byte in world.BACKGROUND), 1.0)
        self.grid.render(self.moderngl.TRIANGLES)
        self.target.read_into(self.picture, components=4)
        return self.picture

    def device(self) -> str:
        return f"moderngl {self.moderngl.__version__}: {self.context.info['GL_RENDERER']}"


if __name__ == "__main__":
    import harness

    harness.main(ModernGL, ("full", "cut"))
