#pragma once

#include <immintrin.h>

#include "inline.h"

/* What the files for AVX2 and for AVX-512 have in common, and no other file includes. */

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 says it of its own headers (bug 105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

GMT_INLINE void prefetch(const float *from) { _mm_prefetch((const char *)from, _MM_HINT_T0); }
GMT_INLINE float square_root(float a) { return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(a))); }

/* By halves. */
GMT_INLINE float sum_of_eight(__m256 eight) {
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}
