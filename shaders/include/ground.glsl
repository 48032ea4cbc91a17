// Heights with a margin, and what stands in them where there is no ground.

const float NO_GROUND = -3.0e38;
