#include "path_query.h"

#include <algorithm>
#include <cstring>

#include "path_layer.h"

namespace gmt::paths {

query_run::query_run(const condition &on, workspace &work, const path_query &query)
    : condition_(on),
      graph_(on.on()),
      network_(on.by()),
      work_(work),
      query_(query),
      fetches_(on.fetches()),
      reach_(graph_, work, query, network_.layer_count()) {
    std::copy_n(query_.vector, network_.width, work_.states[0].data());
    const state_view nothing = condition_.baseline(0);
    last_ = {work_.states[0].data(), network_.width, work_.slots.data(), 1, nothing.rows, nothing.stride};
    for (int32_t layer = 0; layer < network_.layer_count(); layer++) {
        run_layer(layer);
    }
}

void query_run::run_layer(int32_t layer) {
    const state_view before = last_;
    reach_.next_layer();
    current_ = 1 - current_;
    const int32_t width = network_.width;
    float *after = work_.states[current_].data();
    const std::span<const int32_t> rows = reach_.rows_of(layer);
    const bool copies = !reach_.is_dense() && reach_.is_worth_a_copy(layer), by_node = reach_.is_dense() || copies;
    if (copies) {
        const state_view others = condition_.baseline(layer + 1);
        for (int32_t node = 0; node < graph_.node_count; node++) {
            std::memcpy(after + static_cast<int64_t>(node) * width, row_of(others, node), width * sizeof(float));
        }
    }

    for_each_block(static_cast<int64_t>(rows.size()), [&](int64_t first, int32_t count) {
        const int32_t *nodes = rows.data() + first;
        if (layer == 0) {
            sum_from_source(nodes, count);
        } else {
            gather(layer, before, nodes, count);
        }

        add_start(nodes, count);
        for (int32_t i = 0; i < count; i++) {
            work_.before[i] = row_of(before, nodes[i]);
            work_.after[i] = after + static_cast<int64_t>(by_node ? nodes[i] : work_.slots[nodes[i]]) * width;
        }

        find_roots(layer, nodes, count);
        finish_block(network_, layer, work_, count);
    });
    last_ = {after, width, nullptr, 0, nullptr, 0};
    if (!by_node) {
        const state_view others = condition_.baseline(layer + 1);
        last_ = {after, width, work_.slots.data(), static_cast<uint32_t>(work_.changed.size()), others.rows, others.stride};
    }
}

void query_run::score(float *scores) {
    if (!reach_.is_dense()) {
        const auto baseline = condition_.baseline_scores(query_.vector);
        std::copy(baseline->begin(), baseline->end(), scores);
    }

    network_.find_hidden_bias(query_.vector, work_.hidden_bias.data());

    const std::span<const int32_t> rows = reach_.changed();
    for_each_block(static_cast<int64_t>(rows.size()), [&](int64_t first, int32_t count) {
        for (int32_t i = 0; i < count; i++) {
            work_.before[i] = row_of(last_, rows[first + i]);
        }

        score_block(network_, work_, count);
        for (int32_t i = 0; i < count; i++) {
            scores[graph_.node_at[rows[first + i]]] = work_.scores[i];
        }
    });
}

float query_run::score_answer() {
    work_.before[0] = row_of(last_, query_.answer);
    network_.find_hidden_bias(query_.vector, work_.hidden_bias.data());
    score_block(network_, work_, 1);
    return work_.scores[0];
}

void query_run::copy_states(float *states) {
    for (int32_t node = 0; node < graph_.node_count; node++) {
        std::copy_n(row_of(last_, node), network_.width, states + static_cast<int64_t>(graph_.node_at[node]) * network_.width);
    }
}

}  // namespace gmt::paths
