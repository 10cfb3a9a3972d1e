#include <immintrin.h>
#include <math.h>

#include "path_ops.h"

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 says it of its own headers (bug 105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#define GMT_INLINE static inline __attribute__((always_inline))
#define GMT_MEMBER inline __attribute__((always_inline))

namespace gmt::paths {
namespace {

using vec = __m512;
constexpr int gather_vecs = 4, tile_vecs = 4, tile_rows = 6, outer_vecs = 4;

GMT_INLINE void prefetch(const float *from) { _mm_prefetch((const char *)from, _MM_HINT_T0); }
GMT_INLINE vec zero() { return _mm512_setzero_ps(); }
GMT_INLINE vec load(const float *from) { return _mm512_loadu_ps(from); }
GMT_INLINE void store(float *to, vec a) { _mm512_storeu_ps(to, a); }
GMT_INLINE vec broadcast(const float *from) { return _mm512_set1_ps(*from); }
GMT_INLINE vec add(vec a, vec b) { return _mm512_add_ps(a, b); }
GMT_INLINE vec mul(vec a, vec b) { return _mm512_mul_ps(a, b); }
GMT_INLINE vec multiply_add(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }

/* Not a number stays what it is: of two operands max gives the second where they cannot be compared. */
GMT_INLINE vec positive(vec a) { return _mm512_max_ps(_mm512_setzero_ps(), a); }

/* What is not a number counts as positive. */
GMT_INLINE vec where_positive(vec a, vec b) { return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(a, _mm512_setzero_ps(), _CMP_NLE_UQ), b); }

GMT_INLINE float sum_of(vec a) {
    const __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(a), _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(a), 1)));
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

#include "path_ops_body.h"
#include "path_training_body.h"

}  // namespace

const path_ops avx512_path_ops{gather,      add_product, multiply, update,     score,      scale,
                               gather_back, update_back, outer,    score_back, scale_back, add_rows};

}  // namespace gmt::paths
