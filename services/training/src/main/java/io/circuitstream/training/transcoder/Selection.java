package io.circuitstream.training.transcoder;

/** Order statistics without sorting. */
final class Selection {
    private Selection() {}

    /** The k-th largest (from 1) of the first n values, which are reordered. Hoare's selection, expected time O(n). */
    static float largest(float[] values, int n, int k) {
        int from = 0;
        int to = n - 1;
        int wanted = n - k;
        while (from < to) {
            float pivot = median(values[from], values[(from + to) >>> 1], values[to]);
            int i = from;
            int j = to;
            while (i <= j) {
                while (values[i] < pivot) {
                    i++;
                }
                while (values[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    float swapped = values[i];
                    values[i++] = values[j];
                    values[j--] = swapped;
                }
            }
            if (wanted <= j) {
                to = j;
            } else if (wanted >= i) {
                from = i;
            } else {
                return values[wanted];
            }
        }
        return values[wanted];
    }

    private static float median(float a, float b, float c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
