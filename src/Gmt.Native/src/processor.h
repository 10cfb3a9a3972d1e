#pragma once

#include <cstdint>

#include "gmt.h"

#if defined(GMT_X86_OPS) && defined(_MSC_VER)
#include <immintrin.h>
#include <intrin.h>
#endif

/* What this processor can do, and the one place that chooses between instruction sets. */
namespace gmt {

#if defined(GMT_X86_OPS)
#if defined(_MSC_VER)
/* Of leaf 7 the word ebx, where the system saves the registers named by the mask and the processor has fused multiplication. */
inline bool processor_has(int bit, unsigned long long registers) noexcept {
    int leaf[4];
    __cpuid(leaf, 1);
    const bool saves = (leaf[2] >> 27 & 1) != 0 && (_xgetbv(0) & registers) == registers, fuses = (leaf[2] >> 12 & 1) != 0;
    __cpuidex(leaf, 7, 0);
    return saves && fuses && (leaf[1] >> bit & 1) != 0;
}

inline bool has_avx2() noexcept { return processor_has(5, 0x6); }
inline bool has_avx512() noexcept { return processor_has(16, 0xE6); }
#else
inline bool has_avx2() noexcept { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
inline bool has_avx512() noexcept { return has_avx2() && __builtin_cpu_supports("avx512f"); }
#endif
#endif

/* The table of loops for a gmt_instructions, one of Ops::portable, Ops::avx2 and Ops::avx512; null where this processor lacks them. */
template <class Ops>
const Ops *choose_ops(int32_t instructions) noexcept {
    switch (instructions) {
#if defined(GMT_X86_OPS)
        case GMT_USE_BEST:
            return has_avx512() ? &Ops::avx512 : has_avx2() ? &Ops::avx2 : &Ops::portable;
        case GMT_USE_AVX2:
            return has_avx2() ? &Ops::avx2 : nullptr;
        case GMT_USE_AVX512:
            return has_avx512() ? &Ops::avx512 : nullptr;
#else
        case GMT_USE_BEST:
#endif
        case GMT_USE_PORTABLE:
            return &Ops::portable;
        default:
            return nullptr;
    }
}

}  // namespace gmt
