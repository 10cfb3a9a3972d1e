#include "path_network.h"

#if defined(GMT_X86_OPS) && defined(_MSC_VER)
#include <immintrin.h>
#include <intrin.h>
#endif

namespace gmt::paths {
namespace {

#if defined(GMT_X86_OPS)
#if defined(_MSC_VER)
/* Of leaf 7 the word ebx, where the system saves the registers named by the mask and the processor has fused multiplication. */
bool has(int bit, unsigned long long registers) noexcept {
    int leaf[4];
    __cpuid(leaf, 1);
    const bool saves = (leaf[2] >> 27 & 1) != 0 && (_xgetbv(0) & registers) == registers, fuses = (leaf[2] >> 12 & 1) != 0;
    __cpuidex(leaf, 7, 0);
    return saves && fuses && (leaf[1] >> bit & 1) != 0;
}

bool has_avx2() noexcept { return has(5, 0x6); }
bool has_avx512() noexcept { return has(16, 0xE6); }
#else
bool has_avx2() noexcept { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
bool has_avx512() noexcept { return has_avx2() && __builtin_cpu_supports("avx512f"); }
#endif
#endif

}  // namespace

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
