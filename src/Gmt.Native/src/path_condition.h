#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "path_graph.h"
#include "path_network.h"

namespace gmt::paths {

/*
 * A network on a graph with the vectors of labels that all queries of a relation share, and the baseline: the states where nothing starts
 * anywhere. A query's states differ from it only around its source and its removed edges. Layers of the baseline are computed when a query
 * first needs them.
 */
class condition {
  public:
    condition(std::shared_ptr<const graph> on, std::shared_ptr<const network> by, const float *label_vectors);

    const graph &on() const { return *graph_; }
    const network &by() const { return *network_; }

    bool fetches() const { return graph_->fetches(network_->width); }

    /* Of a layer from 0: [labels, width]. */
    const float *label_vectors(int32_t layer) const {
        return label_vectors_.data() + static_cast<size_t>(layer) * graph_->label_count * network_->width;
    }

    /* The states after so many layers; one row for all nodes after none or one. */
    state_view baseline(int32_t layers) const;

    /* The readout of the baseline's last states for a start vector: [nodes]. Those of the last few vectors are remembered. */
    std::shared_ptr<const std::vector<float>> baseline_scores(const float *vector) const;

  private:
    static constexpr size_t most_known = 4;
    struct known_scores {
        std::vector<float> vector;
        std::shared_ptr<const std::vector<float>> scores;
    };

    int64_t stride(int32_t layers) const { return layers < 2 ? 0 : network_->width; }
    state_view view(int32_t layers) const { return {baseline_[layers].data(), stride(layers), nullptr, 0, nullptr, 0}; }
    void compute_baseline(int32_t layers) const;

    std::shared_ptr<const graph> graph_;
    std::shared_ptr<const network> network_;
    float_block label_vectors_;

    mutable std::mutex mutex_;
    mutable std::vector<float_block> baseline_; /* of as many layers as are there so far */
    mutable int32_t baseline_layers_ = 0;
    mutable std::vector<known_scores> scores_; /* the latest last */
};

}  // namespace gmt::paths

struct gmt_path_condition {
    gmt::paths::condition inner;
};
