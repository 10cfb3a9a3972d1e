#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "check.h"
#include "gmt.h"

using floats = std::vector<float>;

static const double probability = 0.25;

static floats random_floats(int64_t count, uint32_t seed) {
    std::mt19937 generator(seed);
    std::normal_distribution<float> normal(0, 2);
    floats result(count);
    for (float &value : result) {
        value = normal(generator);
    }

    return result;
}

static gmt_dropout mask_of(const std::vector<uint64_t> &keys, double dropped) {
    return {keys.data(), 12345, (uint32_t)(dropped * 4294967296.0), (float)(1 / (1 - dropped))};
}

static std::vector<uint64_t> keys_from(uint64_t first, int64_t rows) {
    std::vector<uint64_t> keys(rows);
    for (int64_t row = 0; row < rows; row++) {
        keys[row] = first + row;
    }

    return keys;
}

static std::vector<int32_t> instruction_sets() {
    std::vector<int32_t> result;
    const std::vector<uint64_t> keys(1);
    const gmt_dropout dropout = mask_of(keys, probability);
    for (int32_t set : {GMT_USE_PORTABLE, GMT_USE_AVX2, GMT_USE_AVX512}) {
        float one;
        if (gmt_fill_mask(set, &dropout, 1, 1, &one) == GMT_OK) {
            result.push_back(set);
        }
    }

    return result;
}

static floats mask(int32_t set, const std::vector<uint64_t> &keys, int32_t width) {
    floats result(keys.size() * width);
    const gmt_dropout dropout = mask_of(keys, probability);
    CHECK(gmt_fill_mask(set, &dropout, (int64_t)keys.size(), width, result.data()) == GMT_OK);
    return result;
}

/* As gmt.h writes it, one element at a time. */
static float naive_weight(const gmt_dropout &dropout, int64_t row, uint32_t column) {
    uint64_t key = (dropout.seed << 23 | dropout.seed >> 41) + 0x9E3779B97F4A7C15u + dropout.row_keys[row];
    key = (key ^ key >> 30) * 0xBF58476D1CE4E5B9u;
    key = (key ^ key >> 27) * 0x94D049BB133111EBu;
    key ^= key >> 31;
    uint32_t u = (uint32_t)key + column;
    u = (u ^ u >> 16) * 0x7FEB352Du;
    u = (u ^ u >> 15) * 0x846CA68Bu;
    u ^= u >> 16;
    return u + (uint32_t)(key >> 32) >= dropout.threshold ? dropout.scale : 0;
}

static void masks_are_as_written_and_follow_their_keys() {
    for (int32_t set : instruction_sets()) {
        for (int32_t width : {1, 7, 16, 33, 256}) {
            const std::vector<uint64_t> keys = keys_from(7, 40);
            const floats all = mask(set, keys, width), moved = mask(set, keys_from(10, 5), width);
            const gmt_dropout dropout = mask_of(keys, probability);
            for (int64_t i = 0; i < (int64_t)all.size(); i++) {
                CHECK(all[i] == naive_weight(dropout, i / width, (uint32_t)(i % width)));
            }

            CHECK(std::memcmp(all.data() + 3 * width, moved.data(), moved.size() * sizeof(float)) == 0);
        }
    }
}

static void masks_drop_what_is_asked() {
    const floats all = mask(GMT_USE_BEST, keys_from(0, 1000), 1000);
    double dropped = 0;
    for (float weight : all) {
        dropped += weight == 0;
    }

    CHECK(std::fabs(dropped / (double)all.size() - probability) < 5 * std::sqrt(probability * (1 - probability) / (double)all.size()));
}

struct results {
    floats derivatives, activations, back, back_sums, normalized, inverse, out, x_back, y_back, sums;
};

static results run_all(int32_t set, int64_t rows, int32_t width, double dropped) {
    const int64_t count = rows * width;
    const std::vector<uint64_t> keys = keys_from(3, rows);
    const gmt_dropout dropout = mask_of(keys, dropped);
    const floats bias = random_floats(width, 2), x = random_floats(count, 3), y = random_floats(count, 4), weight = random_floats(width, 5);
    results r{random_floats(count, 1), floats(count), random_floats(count, 6),  floats(width), floats(count), floats(rows), floats(count),
              floats(count),           floats(count), floats(3 * (size_t)width)};
    CHECK(gmt_gelu(set, &dropout, rows, width, bias.data(), r.derivatives.data(), r.activations.data()) == GMT_OK);
    CHECK(gmt_gelu_back(set, rows, width, r.derivatives.data(), r.back.data(), r.back_sums.data()) == GMT_OK);
    CHECK(gmt_add_norm(set, &dropout, rows, width, x.data(), y.data(), bias.data(), weight.data(), bias.data(), 1e-5f, r.normalized.data(),
                       r.inverse.data(), r.out.data()) == GMT_OK);
    CHECK(gmt_add_norm_back(set, &dropout, rows, width, y.data(), r.normalized.data(), r.inverse.data(), weight.data(), r.x_back.data(),
                            r.y_back.data(), r.sums.data(), r.sums.data() + width, r.sums.data() + 2 * width) == GMT_OK);
    return r;
}

static std::vector<const floats *> parts_of(const results &r) {
    return {&r.derivatives, &r.activations, &r.back, &r.back_sums, &r.normalized, &r.inverse, &r.out, &r.x_back, &r.y_back, &r.sums};
}

static void instruction_sets_agree() {
    for (double dropped : {0.0, probability}) {
        for (int32_t width : {5, 16, 24, 100, 256}) {
            const results reference = run_all(GMT_USE_PORTABLE, 33, width, dropped);
            std::vector<results> vectors;
            for (int32_t set : instruction_sets()) {
                const results other = run_all(set, 33, width, dropped);
                for (size_t part = 0; part < parts_of(other).size(); part++) {
                    const floats &expected = *parts_of(reference)[part], &found = *parts_of(other)[part];
                    float largest = 1;
                    for (float value : expected) {
                        largest = std::fmax(largest, std::fabs(value));
                    }

                    for (size_t i = 0; i < expected.size(); i++) {
                        CHECK(std::fabs(expected[i] - found[i]) <= 1e-5f * largest);
                    }
                }

                if (set != GMT_USE_PORTABLE) {
                    vectors.push_back(other);
                }
            }

            for (const results &other : vectors) {
                for (size_t part = 0; part < parts_of(other).size(); part++) {
                    CHECK(*parts_of(other)[part] == *parts_of(vectors[0])[part]);
                }
            }
        }
    }
}

static void values_are_those_of_the_formulas() {
    const int64_t rows = 20;
    const int32_t width = 48;
    const std::vector<uint64_t> keys = keys_from(3, rows);
    const gmt_dropout dropout = mask_of(keys, probability);
    const floats values = random_floats(rows * width, 1), bias = random_floats(width, 2), x = random_floats(rows * width, 3);
    const floats y = random_floats(rows * width, 4), weight = random_floats(width, 5);
    const results r = run_all(GMT_USE_BEST, rows, width, probability);
    for (int64_t row = 0; row < rows; row++) {
        double mean = 0, variance = 0;
        std::vector<double> sum(width);
        for (int32_t column = 0; column < width; column++) {
            const int64_t i = row * width + column;
            const double kept = naive_weight(dropout, row, (uint32_t)column), v = (double)values[i] + bias[column];
            const double phi = 0.5 * (1 + std::erf(v / std::sqrt(2.0))), density = std::exp(-0.5 * v * v) / std::sqrt(2 * 3.14159265358979);
            CHECK(std::fabs(kept * v * phi - r.activations[i]) < 2e-6);
            CHECK(std::fabs(kept * (phi + v * density) - r.derivatives[i]) < 2e-6);
            sum[column] = x[i] + kept * (y[i] + bias[column]);
            mean += sum[column] / width;
        }

        for (double value : sum) {
            variance += (value - mean) * (value - mean) / width;
        }

        for (int32_t column = 0; column < width; column++) {
            const double normalized = (sum[column] - mean) / std::sqrt(variance + 1e-5);
            CHECK(std::fabs(normalized * weight[column] + bias[column] - r.out[row * width + column]) < 1e-5);
        }
    }
}

static void normalized_rows_may_take_the_place_of_what_is_added() {
    const int64_t rows = 9;
    const int32_t width = 37;
    const std::vector<uint64_t> keys = keys_from(3, rows);
    const gmt_dropout dropout = mask_of(keys, probability);
    const floats x = random_floats(rows * width, 3), weight = random_floats(width, 5);
    for (int32_t set : instruction_sets()) {
        floats y = random_floats(rows * width, 4), normalized(rows * width), out(rows * width), other(rows * width), inverse(rows);
        CHECK(gmt_add_norm(set, &dropout, rows, width, x.data(), y.data(), weight.data(), weight.data(), weight.data(), 1e-5f,
                           normalized.data(), inverse.data(), out.data()) == GMT_OK);
        CHECK(gmt_add_norm(set, &dropout, rows, width, x.data(), y.data(), weight.data(), weight.data(), weight.data(), 1e-5f, y.data(),
                           inverse.data(), other.data()) == GMT_OK);
        CHECK(y == normalized && out == other);
    }
}

static void what_is_no_number_stays_none() {
    const std::vector<uint64_t> keys(1);
    const gmt_dropout dropout = mask_of(keys, 0);
    for (int32_t set : instruction_sets()) {
        floats values{NAN, INFINITY, -INFINITY, 1e30f, -1e30f}, bias(5), activations(5);
        CHECK(gmt_gelu(set, &dropout, 1, 5, bias.data(), values.data(), activations.data()) == GMT_OK);
        CHECK(std::isnan(activations[0]) && std::isinf(activations[1]) && activations[3] == 1e30f && activations[4] == 0);
    }
}

static void wrong_arguments_are_statuses() {
    const std::vector<uint64_t> keys(1);
    gmt_dropout dropout = mask_of(keys, probability);
    float one = 0, other = 0;
    CHECK(gmt_fill_mask(99, &dropout, 1, 1, &one) == GMT_OUT_OF_RANGE);
    CHECK(gmt_fill_mask(GMT_USE_BEST, &dropout, -1, 1, &one) == GMT_OUT_OF_RANGE);
    CHECK(gmt_fill_mask(GMT_USE_BEST, &dropout, 1, -1, &one) == GMT_OUT_OF_RANGE);
    CHECK(gmt_fill_mask(GMT_USE_BEST, nullptr, 1, 1, &one) == GMT_NULL_ARGUMENT);
    CHECK(gmt_fill_mask(GMT_USE_BEST, &dropout, 1, 1, nullptr) == GMT_NULL_ARGUMENT);
    CHECK(gmt_gelu(GMT_USE_BEST, &dropout, 1, 1, nullptr, &one, &other) == GMT_NULL_ARGUMENT);
    CHECK(gmt_gelu_back(GMT_USE_BEST, 1, 1, &one, &other, nullptr) == GMT_NULL_ARGUMENT);
    CHECK(gmt_add_norm(GMT_USE_BEST, &dropout, 1, 1, &one, &one, &one, &one, &one, 0, &other, &other, &other) == GMT_OUT_OF_RANGE);
    dropout.row_keys = nullptr;
    CHECK(gmt_fill_mask(GMT_USE_BEST, &dropout, 1, 1, &one) == GMT_NULL_ARGUMENT);
    dropout.threshold = 0;
    CHECK(gmt_fill_mask(GMT_USE_BEST, &dropout, 1, 1, &one) == GMT_OK && one == 1);
    CHECK(gmt_fill_mask(GMT_USE_BEST, &dropout, 0, 1, &one) == GMT_OK);
}

int main() {
    masks_are_as_written_and_follow_their_keys();
    masks_drop_what_is_asked();
    instruction_sets_agree();
    values_are_those_of_the_formulas();
    normalized_rows_may_take_the_place_of_what_is_added();
    what_is_no_number_stays_none();
    wrong_arguments_are_statuses();
    return 0;
}
