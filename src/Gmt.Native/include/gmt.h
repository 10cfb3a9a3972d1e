/*
 * The C interface of Gmt.Native: kernels for which managed code is too slow on large graphs.
 *
 * Rules of the interface
 *   - Every function returns a gmt_status unless it says otherwise. No function throws, prints, or ends the process.
 *   - Arrays belong to the caller, are read or written only during the call, and must not overlap.
 *   - Objects behind a pointer type come from a function of this file and are given back with their own free function.
 *     They are immutable: several threads may use one at the same time.
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

#define GMT_ABI_VERSION 1

/* What a call came to. On anything but GMT_OK nothing was allocated and output arrays hold no meaning. */
typedef enum gmt_status {
    GMT_OK = 0,
    GMT_NULL_ARGUMENT = 1, /* a pointer that must not be null is null */
    GMT_OUT_OF_RANGE = 2,  /* a count, offset, relation, neighbor or rank is outside its range */
    GMT_TOO_LARGE = 3,     /* more than 2^31 - 1 distinct things */
    GMT_OUT_OF_MEMORY = 4,
    GMT_UNEXPECTED = 5 /* a mistake in this library */
} gmt_status;

/* The version that the library was built with: GMT_ABI_VERSION. */
GMT_API int32_t gmt_abi_version(void);

/* A status in words: a constant, English, never null. */
GMT_API const char *gmt_status_message(int32_t status);

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

#ifdef __cplusplus
}
#endif

#endif
