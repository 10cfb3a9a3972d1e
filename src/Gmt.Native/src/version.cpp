#include "gmt.h"

extern "C" int32_t gmt_abi_version(void) { return GMT_ABI_VERSION; }

extern "C" const char *gmt_status_message(int32_t status) {
    switch (status) {
        case GMT_OK:
            return "success";
        case GMT_NULL_ARGUMENT:
            return "a pointer that must not be null is null";
        case GMT_OUT_OF_RANGE:
            return "a count, offset, id or rank is outside its range";
        case GMT_TOO_LARGE:
            return "more than 2^31 - 1 distinct things";
        case GMT_OUT_OF_MEMORY:
            return "out of memory";
        case GMT_UNEXPECTED:
            return "an unexpected failure inside Gmt.Native";
        default:
            return "an unknown status";
    }
}
