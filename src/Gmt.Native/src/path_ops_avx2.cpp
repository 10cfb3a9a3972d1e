#include <math.h>

#include "path_ops.h"
#include "x86_vectors.h"

namespace gmt::paths {
namespace {

/* 16 floats as everywhere, so that results are those of AVX-512 to the bit. */
struct vec {
    __m256 low, high;
};

constexpr int gather_vecs = 2, tile_vecs = 1, tile_rows = 6, outer_vecs = 1;

GMT_INLINE vec zero() { return {_mm256_setzero_ps(), _mm256_setzero_ps()}; }
GMT_INLINE vec load(const float *from) { return {_mm256_loadu_ps(from), _mm256_loadu_ps(from + 8)}; }
GMT_INLINE void store(float *to, vec a) {
    _mm256_storeu_ps(to, a.low);
    _mm256_storeu_ps(to + 8, a.high);
}
GMT_INLINE vec broadcast(const float *from) {
    const __m256 all = _mm256_broadcast_ss(from);
    return {all, all};
}
GMT_INLINE vec add(vec a, vec b) { return {_mm256_add_ps(a.low, b.low), _mm256_add_ps(a.high, b.high)}; }
GMT_INLINE vec mul(vec a, vec b) { return {_mm256_mul_ps(a.low, b.low), _mm256_mul_ps(a.high, b.high)}; }
GMT_INLINE vec multiply_add(vec a, vec b, vec c) { return {_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)}; }

/* Not a number stays what it is: of two operands max gives the second where they cannot be compared. */
GMT_INLINE vec positive(vec a) { return {_mm256_max_ps(_mm256_setzero_ps(), a.low), _mm256_max_ps(_mm256_setzero_ps(), a.high)}; }

/* What is not a number counts as positive. */
GMT_INLINE vec where_positive(vec a, vec b) {
    const __m256 none = _mm256_setzero_ps();
    return {_mm256_and_ps(_mm256_cmp_ps(a.low, none, _CMP_NLE_UQ), b.low), _mm256_and_ps(_mm256_cmp_ps(a.high, none, _CMP_NLE_UQ), b.high)};
}

GMT_INLINE float sum_of(vec a) { return sum_of_eight(_mm256_add_ps(a.low, a.high)); }

#include "path_ops_body.h"
#include "path_training_body.h"

}  // namespace

const path_ops path_ops::avx2 = loops;

}  // namespace gmt::paths
