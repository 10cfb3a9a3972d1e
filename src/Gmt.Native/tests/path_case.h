#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "check.h"
#include "gmt.h"

/* Random graphs and networks for the tests of path models, and what they mean, computed plainly in double precision. */

struct path_case {
    int32_t nodes = 0, labels = 0, width = 0, layers = 0, hidden = 0, starts = 6;
    std::vector<int64_t> offsets;
    std::vector<int32_t> senders, label_of;
    std::vector<float> linear, bias, scale, shift, hidden_weight, hidden_bias, output_weight, label_vectors, start_vectors, degree_scale;

    /* The number that differences are taken by, and how far it is moved. */
    const float *moved = nullptr;
    double step = 0;

    double at(const std::vector<float> &numbers, size_t place) const {
        return static_cast<double>(numbers[place]) + (numbers.data() + place == moved ? step : 0);
    }

    gmt_path_weights weights() const {
        return {width,
                layers,
                hidden,
                1e-5f,
                linear.data(),
                bias.data(),
                scale.data(),
                shift.data(),
                hidden_weight.data(),
                hidden_bias.data(),
                output_weight.data(),
                0.25f,
                degree_scale.empty() ? nullptr : degree_scale.data()};
    }
};

inline std::vector<float> random_floats(std::mt19937 &random, size_t count, float scale, float center = 0) {
    std::normal_distribution<float> normal(center, scale);
    std::vector<float> floats(count);
    for (float &value : floats) {
        value = normal(random);
    }

    return floats;
}

/* A third of the edges goes to node 0, a third comes from it; some are self loops, some stand several times, the last node has none. */
inline path_case random_case(std::mt19937 &random, int32_t nodes, int32_t labels, int32_t width, int32_t layers, int32_t hidden,
                             int64_t edges) {
    path_case made;
    made.nodes = nodes;
    made.labels = labels;
    made.width = width;
    made.layers = layers;
    made.hidden = hidden;
    made.offsets.resize(nodes + 1);
    const int32_t reached = nodes > 1 ? nodes - 1 : 1;
    std::vector<std::vector<std::pair<int32_t, int32_t>>> received(nodes);
    for (int64_t i = 0; i < edges; i++) {
        const int32_t kind = static_cast<int32_t>(random() % 6);
        const int32_t receiver = kind < 2 ? 0 : static_cast<int32_t>(random() % reached);
        const int32_t sender = kind == 5 ? receiver : kind > 2 ? 0 : static_cast<int32_t>(random() % reached);
        const int32_t label = static_cast<int32_t>(random() % labels * (random() % 3 > 0));
        for (uint32_t copies = random() % 10 == 0 ? 2 : 1; copies > 0; copies--) {
            received[receiver].emplace_back(sender, label);
        }
    }

    for (int32_t node = 0; node < nodes; node++) {
        made.offsets[node + 1] = made.offsets[node] + static_cast<int64_t>(received[node].size());
        for (const auto &[sender, label] : received[node]) {
            made.senders.push_back(sender);
            made.label_of.push_back(label);
        }
    }

    const size_t d = width, h = hidden;
    made.linear = random_floats(random, layers * d * 2 * d, 1 / std::sqrt(2.0f * static_cast<float>(width)));
    made.bias = random_floats(random, layers * d, 0.5f);
    made.scale = random_floats(random, layers * d, 0.3f, 1);
    made.shift = random_floats(random, layers * d, 0.3f);
    made.hidden_weight = random_floats(random, h * 2 * d, 1 / std::sqrt(2.0f * static_cast<float>(width)));
    made.hidden_bias = random_floats(random, h, 0.3f);
    made.output_weight = random_floats(random, h, 0.3f);
    made.label_vectors = random_floats(random, layers * static_cast<size_t>(labels) * d, 0.5f);
    made.start_vectors = random_floats(random, made.starts * d, 1);
    return made;
}

/* X of the last layer by the definition: [nodes, width]. The vectors of labels begin at some place of their array. */
inline std::vector<double> states_by_definition(const path_case &c, int32_t source, int32_t start, const std::vector<int32_t> &removed,
                                                size_t first_label = 0) {
    const size_t d = c.width;
    std::vector<bool> gone(c.senders.size());
    for (const int32_t edge : removed) {
        gone[edge] = true;
    }

    std::vector<double> x(c.nodes * d), z(d);
    for (size_t i = 0; i < d; i++) {
        z[i] = x[source * d + i] = c.at(c.start_vectors, start * d + i);
    }

    for (int32_t layer = 0; layer < c.layers; layer++) {
        const std::vector<double> before = x;
        for (int32_t node = 0; node < c.nodes; node++) {
            std::vector<double> input(before.begin() + node * d, before.begin() + (node + 1) * d);
            input.resize(2 * d);
            if (node == source) {
                std::copy(z.begin(), z.end(), input.begin() + d);
            }

            int64_t degree = 0;
            for (int64_t edge = c.offsets[node]; edge < c.offsets[node + 1]; edge++) {
                degree += !gone[edge];
                for (size_t i = 0; i < d && !gone[edge]; i++) {
                    input[d + i] += before[c.senders[edge] * d + i] *
                                    c.at(c.label_vectors, first_label + (static_cast<size_t>(layer) * c.labels + c.label_of[edge]) * d + i);
                }
            }

            const double inverse = 1.0 / static_cast<double>(std::max<int64_t>(degree, 1));
            for (size_t i = 0; i < d && !c.degree_scale.empty(); i++) {
                const size_t own = layer * 3 * d + i;
                input[d + i] *= c.at(c.degree_scale, own) + c.at(c.degree_scale, own + d) * std::sqrt(inverse) +
                                c.at(c.degree_scale, own + 2 * d) * inverse;
            }

            std::vector<double> h(d);
            double mean = 0, variance = 0;
            for (size_t i = 0; i < d; i++) {
                h[i] = c.at(c.bias, layer * d + i);
                for (size_t j = 0; j < 2 * d; j++) {
                    h[i] += c.at(c.linear, (layer * d + i) * 2 * d + j) * input[j];
                }

                mean += h[i] / static_cast<double>(d);
            }

            for (size_t i = 0; i < d; i++) {
                variance += (h[i] - mean) * (h[i] - mean) / static_cast<double>(d);
            }

            for (size_t i = 0; i < d; i++) {
                const double normal =
                    (h[i] - mean) / std::sqrt(variance + 1e-5) * c.at(c.scale, layer * d + i) + c.at(c.shift, layer * d + i);
                x[node * d + i] += normal > 0 ? normal : 0;
            }
        }
    }

    return x;
}

inline std::vector<double> scores_by_definition(const path_case &c, int32_t source, int32_t start, const std::vector<int32_t> &removed,
                                                size_t first_label = 0) {
    const size_t d = c.width;
    const std::vector<double> x = states_by_definition(c, source, start, removed, first_label);
    std::vector<double> scores(c.nodes, 0.25);
    for (int32_t node = 0; node < c.nodes; node++) {
        for (int32_t row = 0; row < c.hidden; row++) {
            double sum = c.at(c.hidden_bias, row);
            for (size_t i = 0; i < d; i++) {
                sum += c.at(c.hidden_weight, row * 2 * d + i) * x[node * d + i] +
                       c.at(c.hidden_weight, (row * 2 + 1) * d + i) * c.at(c.start_vectors, start * d + i);
            }

            scores[node] += sum > 0 ? sum * c.at(c.output_weight, row) : 0;
        }
    }

    return scores;
}
