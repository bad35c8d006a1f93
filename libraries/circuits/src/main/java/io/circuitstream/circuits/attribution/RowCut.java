package io.circuitstream.circuits.attribution;

/** How small an entry of a row must be for it and all smaller ones to be dropped. */
final class RowCut {
    private RowCut() {}

    /**
     * The largest of the first {@code count} sizes so that all entries up to it sum to at most the budget; 0 to keep everything. By partitions, as a
     * quickselect: only the part in which the border lies is looked at again. Changes the order of the sizes.
     */
    static float cut(float[] sizes, int count, double budget) {
        int from = 0;
        int to = count;
        double spent = 0;
        float cut = 0;
        while (from < to) {
            float pivot = middle(sizes[from], sizes[(from + to) >>> 1], sizes[to - 1]);
            int less = from;
            int greater = to;
            for (int i = from; i < greater; ) {
                if (sizes[i] < pivot) {
                    swap(sizes, i++, less++);
                } else if (sizes[i] > pivot) {
                    swap(sizes, i, --greater);
                } else {
                    i++;
                }
            }
            double below = 0;
            for (int i = from; i < less; i++) {
                below += sizes[i];
            }
            double upTo = below + (double) pivot * (greater - less);
            if (spent + below > budget) {
                to = less;
            } else if (spent + upTo > budget) {
                // All that is smaller can go, and nothing of the pivot's size.
                return less > from ? largest(sizes, from, less) : cut;
            } else {
                spent += upTo;
                cut = pivot;
                from = greater;
            }
        }
        return cut;
    }

    private static float middle(float a, float b, float c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    private static float largest(float[] sizes, int from, int to) {
        float largest = sizes[from];
        for (int i = from + 1; i < to; i++) {
            largest = Math.max(largest, sizes[i]);
        }
        return largest;
    }

    private static void swap(float[] sizes, int i, int j) {
        float size = sizes[i];
        sizes[i] = sizes[j];
        sizes[j] = size;
    }
}
