/*
 * The C interface of Gmt.Native: kernels for which managed code is too slow on large graphs.
 *
 * Rules of the interface
 *   - Every function returns a gmt_status unless it says otherwise. No function throws, prints, or ends the process.
 *   - Arrays belong to the caller, are read or written only during the call, and must not overlap unless a function says so.
 *   - Objects behind a pointer type come from a function of this file and are given back with their own free function.
 *     Several threads may use one at the same time.
 *   - Results do not depend on the number of threads.
 *   - A change that breaks callers raises GMT_ABI_VERSION; load the library only if gmt_abi_version() equals it.
 */
#ifndef GMT_H
#define GMT_H

#include <stdint.h>

#if defined(_WIN32)
#define GMT_API __declspec(dllexport)
#else
#define GMT_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define GMT_ABI_VERSION 4

/* What a call came to. On anything but GMT_OK nothing was allocated and output arrays hold no meaning. */
typedef enum gmt_status {
    GMT_OK = 0,
    GMT_NULL_ARGUMENT = 1, /* a pointer that must not be null is null */
    GMT_OUT_OF_RANGE = 2,  /* a count, offset, id or rank is outside its range */
    GMT_TOO_LARGE = 3,     /* more than 2^31 - 1 distinct things */
    GMT_OUT_OF_MEMORY = 4,
    GMT_UNEXPECTED = 5 /* a mistake in this library */
} gmt_status;

/* The version that the library was built with: GMT_ABI_VERSION. */
GMT_API int32_t gmt_abi_version(void);

/* A status in words: a constant, English, never null. */
GMT_API const char *gmt_status_message(int32_t status);

/* Which instructions the loops of a kernel use. Those that this processor lacks are GMT_OUT_OF_RANGE. */
typedef enum gmt_instructions {
    GMT_USE_BEST = 0,     /* the best of those that follow that this processor has */
    GMT_USE_PORTABLE = 1, /* what every processor has */
    GMT_USE_AVX2 = 2,     /* with FMA */
    GMT_USE_AVX512 = 3
} gmt_instructions;

/*
 * Distinct edge states.
 *
 * The edges of an entity e are offsets[e] .. offsets[e + 1] - 1; edge i leads to neighbors[i] by relations[i]. The state of an edge (r, n)
 * is r together with the multiset of those top_k relations of n's edges that r ranks first, a relation as often as n has it. Many edges
 * share a state. Two facts make the search fast: a context depends on n only through how often each relation occurs at n, counted up to
 * top_k (its class), and there are few distinct pairs (relation, class). Neither depends on the ranks, so both are found once, by
 * gmt_index_graph.
 *
 * Time: O(edges) for the index, O(pairs * relations of a class * log) + O(edges) for the states. Memory: 4 bytes an entity and an edge, and
 * the distinct classes and pairs.
 */
typedef struct gmt_graph_index gmt_graph_index;
typedef struct gmt_edge_states gmt_edge_states;

/*
 * Finds the distinct (relation, class) pairs of a graph.
 *
 *   entity_count    >= 0
 *   relation_count  0 .. 65535, inverse relations included
 *   top_k           1 .. 65535
 *   offsets         [entity_count + 1], starts at 0, never falls
 *   relations       [offsets[entity_count]], each in 0 .. relation_count - 1
 *   neighbors       [offsets[entity_count]], each in 0 .. entity_count - 1
 *   thread_count    0 for as many as the machine has
 *   index           receives the result; free it with gmt_free_graph_index
 */
GMT_API gmt_status gmt_index_graph(int32_t entity_count, int32_t relation_count, int32_t top_k, const int64_t *offsets,
                                   const int32_t *relations, const int32_t *neighbors, int32_t thread_count, gmt_graph_index **index);

/* Null is allowed. */
GMT_API void gmt_free_graph_index(gmt_graph_index *index);

/*
 * Finds the distinct edge states of an indexed graph and numbers them in the order in which they first occur over the edges.
 *
 *   rank        [relation_count * relation_count]; rank[r * relation_count + j] is the place of relation j in the order of r, 0 first.
 *               Of relations with equal places the lower id goes first.
 *   edge_state  [edges], receives the number of each edge's state
 *   states      receives the states; free them with gmt_free_edge_states
 */
GMT_API gmt_status gmt_find_edge_states(const gmt_graph_index *index, const uint16_t *rank, int32_t thread_count, int32_t *edge_state,
                                        gmt_edge_states **states);

/* How many states there are; -1 for null. */
GMT_API int32_t gmt_edge_state_count(const gmt_edge_states *states);

/*
 *   state_relation  [states], receives the relation of each state
 *   state_context   [states * top_k], receives the context of each state in the order of its ranks, filled up with -1
 */
GMT_API gmt_status gmt_copy_edge_states(const gmt_edge_states *states, int32_t *state_relation, int32_t *state_context);

/* Null is allowed. */
GMT_API void gmt_free_edge_states(gmt_edge_states *states);

/*
 * Path models: message passing from one node of a graph, over labeled edges, to all nodes (ULTRA, arXiv 2310.04562; NBFNet, arXiv
 * 2106.06935).
 *
 * A query starts at a node with a start vector z. With B = z at the source and 0 elsewhere, X = B at first, and w the vectors of labels, a
 * layer is
 *
 *   P[v] = B[v] + sum over the edges (v receives from u over k) of X[u] * w[k]        elementwise
 *   X[v] = X[v] + relu(LayerNorm(W [X[v] ; P[v]] + b))                                 the norm over the width, biased variance
 *
 * Where a network has scales s by degree, P[v] is multiplied by s0 + s1 / sqrt(n) + s2 / n, with n how many edges v receives over, at
 * least 1, those that the query removes not among them.
 *
 * and a node's score is m . relu(M [X[v] ; z] + a) + c.
 *
 * Label vectors are those of a relation, which many queries share: they make a condition. It holds the baseline, the states without any
 * start. A query computes anew only the nodes that differ from it: in layer l those within l hops of the source and of
 * the ends of removed edges. A single answer's score needs, of those, the nodes within (layers - l) hops of the answer.
 *
 * Scores of AVX2 and AVX-512 are the same to the bit, those of other processors within 1e-5 of the largest. A score of a single answer is
 * the bit pattern that it has among all. One query runs on one thread, which keeps 2 * nodes * width floats for the next one.
 *
 * A query may be limited to the most promising nodes: in each layer at most so many more nodes differ from the baseline, those that a
 * random walk from the source along the edges most probably comes to. A node's mass is 1 at the source; when a node is among them it hands
 * its mass on in equal parts over the edges that it sends over, none over removed ones, in the next layer; of equal masses the lower number
 * is first. Receivers of removed edges differ at once, whatever the limit. All other nodes are as in the baseline. Masses are doubles, so
 * all instructions choose the same nodes.
 *
 * Memory: a graph 36 bytes an edge; a condition up to layers * nodes * width floats, as far as queries needed them.
 */
typedef struct gmt_path_graph gmt_path_graph;
typedef struct gmt_path_network gmt_path_network;
typedef struct gmt_path_condition gmt_path_condition;

/*
 *   node_count   1 or more
 *   label_count  0 or more
 *   offsets      [node_count + 1], where the edges that a node receives begin; starts at 0, never falls; at most 2^31 - 1 edges
 *   senders      [offsets[node_count]], each in 0 .. node_count - 1
 *   labels       [offsets[node_count]], each in 0 .. label_count - 1
 *   graph        receives the result; free it with gmt_free_path_graph
 *
 * The edges of a node may stand in any order and more than once; each counts.
 */
GMT_API gmt_status gmt_make_path_graph(int32_t node_count, int32_t label_count, const int64_t *offsets, const int32_t *senders,
                                       const int32_t *labels, gmt_path_graph **graph);

/* Null is allowed. What was made from the graph may live longer. */
GMT_API void gmt_free_path_graph(gmt_path_graph *graph);

/* Weights as PyTorch has them, copied by gmt_make_path_network. */
typedef struct gmt_path_weights {
    int32_t width;       /* 16, 32, ... 1024 */
    int32_t layer_count; /* 1 .. 64 */
    int32_t hidden;      /* 16, 32, ... 1024; or 0 for a network that gives states and no scores */
    float epsilon;       /* of the norm, above 0 */
    const float *linear; /* W: [layer_count, width, 2 * width], the state's half first */
    const float *bias;   /* b: [layer_count, width] */
    const float *norm_scale;
    const float *norm_shift;    /* [layer_count, width] */
    const float *hidden_weight; /* M: [hidden, 2 * width], the state's half first; the last three are null where hidden is 0 */
    const float *hidden_bias;   /* a: [hidden] */
    const float *output_weight; /* m: [hidden] */
    float output_bias;          /* c */
    const float *degree_scale;  /* s: [layer_count, 3, width]; null for none */
} gmt_path_weights;

/* network receives the result; free it with gmt_free_path_network. */
GMT_API gmt_status gmt_make_path_network(const gmt_path_weights *weights, int32_t instructions, gmt_path_network **network);

/* Null is allowed. What was made from the network may live longer. */
GMT_API void gmt_free_path_network(gmt_path_network *network);

/*
 *   label_vectors  w: [layers, label_count, width]
 *   condition      receives the result; free it with gmt_free_path_condition
 */
GMT_API gmt_status gmt_make_path_condition(const gmt_path_graph *graph, const gmt_path_network *network, const float *label_vectors,
                                           gmt_path_condition **condition);

/* Null is allowed. */
GMT_API void gmt_free_path_condition(gmt_path_condition *condition);

typedef struct gmt_path_queries {
    int64_t count;
    const int32_t *sources;         /* [count], nodes */
    const float *vectors;           /* z: [count, width]; queries of a condition are best of few different ones */
    const int32_t *answers;         /* [count], the one node that each query asks for; null for all nodes */
    const int64_t *removed_offsets; /* [count + 1], starts at 0, never falls; null where no edge is removed */
    const int32_t *removed_edges;   /* [removed_offsets[count]], numbers of edges as gmt_make_path_graph was given them, in any order */
    int32_t most_new_nodes;         /* how many more nodes a layer may change, 1 or more; 0 for all, which is exact */
} gmt_path_queries;

/* scores receives [count, nodes], or [count] where answers are given. */
GMT_API gmt_status gmt_score_paths(const gmt_path_condition *condition, const gmt_path_queries *queries, int32_t thread_count,
                                   float *scores);

/* states receives the last layer's X: [count, nodes, width]; answers must be null. */
GMT_API gmt_status gmt_find_path_states(const gmt_path_condition *condition, const gmt_path_queries *queries, int32_t thread_count,
                                        float *states);

/*
 * Training. A batch is run forward for its results, and once more with their gradients for those of everything that went into it: nothing
 * is kept in between. One query runs on one thread, which needs 3 * layers * nodes * width floats. Gradients are summed in an order that
 * does not depend on the number of threads.
 *
 * Each edge (v receives from u over k) needs one the other way (u receives from v over inverse_labels[k]), as often.
 */
typedef struct gmt_path_batch {
    int64_t count;
    const int32_t *sources; /* [count], nodes */
    const float *vectors;   /* z: [count, width] */
    const int32_t *groups;  /* [count], each in 0 .. group_count - 1: whose label vectors a query has */
    int64_t group_count;
    const float *label_vectors;      /* w: [group_count, layers, label_count, width] */
    const int32_t *inverse_labels;   /* [label_count] */
    const int64_t *removed_offsets;  /* [count + 1], starts at 0, never falls; null where no edge is removed */
    const int32_t *removed_edges;    /* [removed_offsets[count]], numbers of edges, each once a query */
    const int32_t *removed_inverses; /* [removed_offsets[count]], the same edges the other way, of copies each its own */
} gmt_path_batch;

/* Receives gradients, in the shapes of weights and batch. Those of the weights may be null where nobody wants them. */
typedef struct gmt_path_gradients {
    float *linear;
    float *bias;
    float *norm_scale;
    float *norm_shift;
    float *degree_scale;
    float *hidden_weight;
    float *hidden_bias;
    float *output_weight;
    float *output_bias;   /* one number */
    float *vectors;       /* [count, width] */
    float *label_vectors; /* [group_count, layers, label_count, width] */
} gmt_path_gradients;

/* results receives scores, [count, nodes], or of a network without a readout the last layer's X, [count, nodes, width]. */
GMT_API gmt_status gmt_run_path_batch(const gmt_path_graph *graph, const gmt_path_weights *weights, int32_t instructions,
                                      const gmt_path_batch *batch, int32_t thread_count, float *results);

/* result_gradients are those of what gmt_run_path_batch gives, in its shape. */
GMT_API gmt_status gmt_run_path_batch_back(const gmt_path_graph *graph, const gmt_path_weights *weights, int32_t instructions,
                                           const gmt_path_batch *batch, int32_t thread_count, const float *result_gradients,
                                           const gmt_path_gradients *gradients);

/*
 * Rows of a layer in training, [rows, width] of any width. One call runs on one thread: whoever has several cuts the rows into parts. A
 * row's result depends on its values and its key alone.
 *
 * Dropout masks are not stored. Column c of the row with key k is kept where u + high >= threshold, u + high modulo 2^32, with
 *   high, low = the halves of mix(rotl(seed, 23) + 0x9E3779B97F4A7C15 + k)      mix of SplitMix64 (Steele et al. 2014)
 *   u         = hash of low + c                                                  32-bit mixer "lowbias32" (Wellons 2018)
 * Masks have the same bits everywhere; all else has those of AVX2 and AVX-512 alike, and is within 1e-6 on other processors.
 */
typedef struct gmt_dropout {
    const uint64_t *row_keys; /* [rows]; null where nothing is dropped */
    uint64_t seed;
    uint32_t threshold; /* the probability times 2^32; 0 drops nothing */
    float scale;        /* what is kept is multiplied by it: 1 / (1 - probability) */
} gmt_dropout;

/* mask receives 0 or the scale. instructions here and below is a gmt_instructions. */
GMT_API gmt_status gmt_fill_mask(int32_t instructions, const gmt_dropout *dropout, int64_t rows, int32_t width, float *mask);

/*
 * The GELU x Phi(x) of x = value + bias under a mask, and its derivative under the same mask. Phi by Abramowitz and
 * Stegun's 7.1.26, which is off by 7.5e-8.
 *   bias         [width]
 *   values       [rows, width], x without the bias; receives the derivatives
 *   activations  [rows, width], receives the values under the mask
 */
GMT_API gmt_status gmt_gelu(int32_t instructions, const gmt_dropout *dropout, int64_t rows, int32_t width, const float *bias, float *values,
                            float *activations);

/* gradients *= derivatives, both [rows, width]; column_sums, [width], receives the sums of the results over the rows. */
GMT_API gmt_status gmt_gelu_back(int32_t instructions, int64_t rows, int32_t width, const float *derivatives, float *gradients,
                                 float *column_sums);

/*
 * Layer normalization of x + mask * (y + y_bias).
 *   y_bias, weight, bias  [width]
 *   epsilon       is added to the variance, above 0
 *   normalized    [rows, width], receives what the weight multiplies; it alone may be y
 *   inverse       [rows], receives 1 / sqrt(variance + epsilon)
 *   out           [rows, width]
 */
GMT_API gmt_status gmt_add_norm(int32_t instructions, const gmt_dropout *dropout, int64_t rows, int32_t width, const float *x,
                                const float *y, const float *y_bias, const float *weight, const float *bias, float epsilon,
                                float *normalized, float *inverse, float *out);

/*
 * Back through gmt_add_norm.
 *   gradients    [rows, width], those of out
 *   x_gradients  [rows, width]
 *   y_gradients  [rows, width]; may be null where nothing is dropped, for then they are those of x
 *   y_bias_sums, weight_sums, bias_sums  [width], receive the rows' share of the gradients of y_bias, weight and bias
 */
GMT_API gmt_status gmt_add_norm_back(int32_t instructions, const gmt_dropout *dropout, int64_t rows, int32_t width, const float *gradients,
                                     const float *normalized, const float *inverse, const float *weight, float *x_gradients,
                                     float *y_gradients, float *y_bias_sums, float *weight_sums, float *bias_sums);

#ifdef __cplusplus
}
#endif

#endif
