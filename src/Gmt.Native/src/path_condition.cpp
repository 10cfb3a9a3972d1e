#include "path_condition.h"

#include <algorithm>
#include <cstring>

#include "guard.h"
#include "path_layer.h"

namespace gmt::paths {

condition::condition(std::shared_ptr<const graph> on, std::shared_ptr<const network> by, const float *label_vectors)
    : graph_(std::move(on)), network_(std::move(by)) {
    const size_t width = network_->width;
    label_vectors_ = float_block(network_->layers.size() * graph_->label_count * width);
    std::copy_n(label_vectors, label_vectors_.size(), label_vectors_.data());
    baseline_.resize(network_->layers.size() + 1);
    baseline_[0] = float_block(width);
    std::fill_n(baseline_[0].data(), width, 0.0f);
}

state_view condition::baseline(int32_t layers) const {
    const std::lock_guard lock(mutex_);
    compute_baseline(layers);
    return view(layers);
}

void condition::compute_baseline(int32_t layers) const {
    if (baseline_layers_ >= layers) {
        return;
    }

    auto work = graph_->workspaces.take();
    work->fit(graph_->node_count, network_->width, network_->columns());
    const int32_t width = network_->width;
    for (int32_t layer = baseline_layers_; layer < layers; layer++) {
        const bool alike = stride(layer + 1) == 0;
        const int64_t rows = alike ? 1 : graph_->node_count;
        const state_view before = view(layer);
        float_block after(static_cast<size_t>(rows) * width);
        for_each_block(rows, [&](int64_t first, int32_t count) {
            if (alike) {
                std::fill_n(work->sums.data(), width, 0.0f);
            } else {
                network_->ops->gather(graph_->edges(), before, nullptr, label_vectors(layer), width, work->nodes.data() + first, count,
                                      fetches(), work->sums.data());
            }

            for (int32_t i = 0; i < count; i++) {
                work->before[i] = before.rows + (first + i) * before.stride;
                work->after[i] = after.data() + (first + i) * width;
                work->roots[i] = root_of_degree(graph_->receivers[first + i].last - graph_->receivers[first + i].first);
            }

            finish_block(*network_, layer, *work, count);
        });
        baseline_[layer + 1] = std::move(after);
        baseline_layers_ = layer + 1;
    }

    graph_->workspaces.give_back(std::move(work));
}

std::shared_ptr<const std::vector<float>> condition::baseline_scores(const float *vector) const {
    const std::lock_guard lock(mutex_);
    for (const known_scores &known : scores_) {
        if (std::memcmp(known.vector.data(), vector, known.vector.size() * sizeof(float)) == 0) {
            return known.scores;
        }
    }

    compute_baseline(network_->layer_count());
    auto work = graph_->workspaces.take();
    work->fit(graph_->node_count, network_->width, network_->columns());
    network_->find_hidden_bias(vector, work->hidden_bias.data());
    const state_view last = view(network_->layer_count());
    auto scores = std::make_shared<std::vector<float>>(graph_->node_count);
    for_each_block(graph_->node_count, [&](int64_t first, int32_t count) {
        for (int32_t i = 0; i < count; i++) {
            work->before[i] = last.rows + (first + i) * last.stride;
        }

        score_block(*network_, *work, count);
        for (int32_t i = 0; i < count; i++) {
            (*scores)[graph_->node_at[first + i]] = work->scores[i];
        }
    });
    graph_->workspaces.give_back(std::move(work));
    if (scores_.size() == most_known) {
        scores_.erase(scores_.begin());
    }

    scores_.push_back({{vector, vector + network_->width}, scores});
    return scores;
}

}  // namespace gmt::paths

extern "C" gmt_status gmt_make_path_condition(const gmt_path_graph *graph, const gmt_path_network *network, const float *label_vectors,
                                              gmt_path_condition **condition) {
    return gmt::guard([&] {
        if (condition == nullptr) {
            return GMT_NULL_ARGUMENT;
        }

        *condition = nullptr;
        if (graph == nullptr || network == nullptr || (label_vectors == nullptr && graph->shared->label_count > 0)) {
            return GMT_NULL_ARGUMENT;
        }

        *condition = new gmt_path_condition{{graph->shared, network->shared, label_vectors}};
        return GMT_OK;
    });
}

extern "C" void gmt_free_path_condition(gmt_path_condition *condition) { delete condition; }
