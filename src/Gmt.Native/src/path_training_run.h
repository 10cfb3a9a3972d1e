#pragma once

#include <span>
#include <vector>

#include "path_gradients.h"
#include "path_graph.h"

namespace gmt::paths {

struct training_query {
    int32_t source; /* a place */
    const float *vector;
    std::span<const int32_t> removed;  /* the caller's numbers of edges */
    std::span<const int32_t> inverses; /* of the same edges the other way */
};

/* The vectors of labels that some queries share, [layers, labels, width] as all of these, and their gradients. */
struct label_group {
    label_group(const float *vectors, const int32_t *inverse_labels, const graph &on, const network &by);

    /* Adds the gradients to those of the caller. */
    void add_to(float *gradients, const int32_t *inverse_labels, const graph &on, const network &by) const;

    const float *vectors;
    float_block inverse;   /* the vector of each label's inverse */
    float_block gradients; /* of a label's inverse, but in the first layer of the label itself */
};

/*
 * Runs a query through all layers and back on one thread. Everything in between is kept for the way back, and used again for the next
 * query.
 */
class training_run {
  public:
    training_run(const graph &on, const trained_network &by);

    /* results: the scores of all nodes, [nodes], or without a readout their states, [nodes, width]. */
    void forward(const training_query &query, const float *label_vectors, float *results);

    /* Adds the gradients of a query that forward has just run; vector_gradient receives that of its start vector. */
    void backward(const float *result_gradients, label_group &labels, weight_sums &sums, float *vector_gradient);

  private:
    static constexpr int32_t block_rows = workspace::block_rows;

    /* What a layer from 0 has computed. The first one's rows are those of reached_ alone, h with one more for all others. */
    struct layer_tape {
        float_block sums, h, states;
    };

    bool has_degrees() const { return network_.layers[0].degrees.size() > 0; }
    int64_t floats() const { return static_cast<int64_t>(graph_.node_count) * network_.width; }
    void find_removed(const std::span<const int32_t> &edges, std::vector<int64_t> &places, std::vector<int32_t> &nodes) const;
    void find_roots();
    void find_reached();
    const float *const *rows_without_removed(const float *rows, int32_t node, const std::vector<int64_t> &removed);
    const float *messages(const layer_weights &weights, const float *sums, const float *roots, int32_t count);

    void run_first_layer(const float *label_vectors);
    void run_layer(int32_t layer, const float *label_vectors);
    void gather(int32_t layer, const float *label_vectors, int32_t first, int32_t count, float *sums);
    void score(float *scores);

    void score_back(const float *gradients, weight_sums &sums, float *vector_gradient);
    void run_layer_back(int32_t layer, label_group &labels, weight_sums &sums, float *vector_gradient);
    void gather_back(int32_t layer, label_group &labels);
    void run_first_layer_back(label_group &labels, weight_sums &sums, float *vector_gradient);
    void block_back(int32_t layer, const float *h, const float *node_sums, const float *roots, int32_t count, weight_sums &sums,
                    float *sum_gradients);

    const graph &graph_;
    const trained_network &trained_;
    const network &network_;
    const path_ops &ops_;
    const bool fetches_;

    training_query query_{};
    std::vector<layer_tape> tape_;
    std::vector<int32_t> reached_;              /* nodes that the first layer changes, ascending */
    std::vector<sent_edge> sent_;               /* what the source sends over, ascending by receiver */
    std::vector<int64_t> removed_, inverses_;   /* places of edges, ascending */
    std::vector<int32_t> losing_, losing_back_; /* their receivers, ascending */
    std::vector<float> roots_, reached_roots_;

    std::vector<int32_t> nodes_; /* 0, 1, 2, ... */
    std::vector<const float *> rows_, found_;
    std::vector<float *> after_;
    float_block none_, block_, messages_, hidden_, hidden_bias_, hidden_gradient_, state_gradients_, sum_gradients_, reached_gradients_;
};

}  // namespace gmt::paths
