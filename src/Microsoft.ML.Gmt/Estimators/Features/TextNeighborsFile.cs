using System.Text;
using Microsoft.ML.Gmt.Features;

namespace Microsoft.ML.Gmt;

/// <summary>
/// The nearest entities by text in a saved model: for each entity their number, and for each of them its id and the cosine, as
/// little-endian 32-bit numbers.
/// </summary>
internal static class TextNeighborsFile
{
    public const string Name = "text-neighbors.bin";

    public static void Write(Stream stream, TextNeighbors neighbors)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        for (int entity = 0; entity < neighbors.Ids.Length; entity++)
        {
            writer.Write(neighbors.Ids[entity].Length);
            for (int i = 0; i < neighbors.Ids[entity].Length; i++)
            {
                writer.Write(neighbors.Ids[entity][i]);
                writer.Write(neighbors.Cosines[entity][i]);
            }
        }
    }

    /// <exception cref="Runtime.GmtFileException">A number is out of its range.</exception>
    public static TextNeighbors Read(Stream stream, int entities, ModelEntries entries)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        int[][] ids = new int[entities][];
        float[][] cosines = new float[entities][];
        for (int entity = 0; entity < entities; entity++)
        {
            int count = reader.ReadInt32();
            if (count < 0 || count > entities)
            {
                throw entries.Fault(Name, $"entity {entity} has {count} neighbors, and there are {entities} entities.");
            }

            (ids[entity], cosines[entity]) = (new int[count], new float[count]);
            for (int i = 0; i < count; i++)
            {
                ids[entity][i] = reader.ReadInt32();
                cosines[entity][i] = reader.ReadSingle();
                if ((uint)ids[entity][i] >= (uint)entities || !float.IsFinite(cosines[entity][i]))
                {
                    throw entries.Fault(Name, $"neighbor {i} of entity {entity} is {ids[entity][i]}, with cosine {cosines[entity][i]}.");
                }
            }
        }

        return new TextNeighbors(ids, cosines);
    }
}
