#include "path_network.h"
#include "processor.h"

namespace gmt::paths {

const path_ops *ops_for(int32_t instructions) noexcept {
    switch (instructions) {
        case GMT_PATH_BEST:
#if defined(GMT_X86_OPS)
            return has_avx512() ? &avx512_path_ops : has_avx2() ? &avx2_path_ops : &portable_path_ops;
#else
            return &portable_path_ops;
#endif
        case GMT_PATH_PORTABLE:
            return &portable_path_ops;
#if defined(GMT_X86_OPS)
        case GMT_PATH_AVX2:
            return has_avx2() ? &avx2_path_ops : nullptr;
        case GMT_PATH_AVX512:
            return has_avx512() ? &avx512_path_ops : nullptr;
#endif
        default:
            return nullptr;
    }
}

}  // namespace gmt::paths
