// What stands where no ground is seen, if there is no sky.

layout(scalar) uniform Backdrop {
    vec4 colour;            // linear, premultiplied
    uint bytes;             // of a pixel that sees nothing else
} backdrop;
