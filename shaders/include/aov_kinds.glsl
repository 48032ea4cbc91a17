// Numbers beside a picture, by kind.

const uint AOV_DEPTH = 0;
const uint AOV_ELEVATION = 1;
const uint AOV_NORMAL = 2;
const uint AOV_GROUND = 3;
