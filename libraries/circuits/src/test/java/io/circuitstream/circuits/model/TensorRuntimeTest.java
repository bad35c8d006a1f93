package io.circuitstream.circuits.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.jni.JniUtils;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TensorRuntimeTest {
    private int before;

    @BeforeEach
    void threeThreads() {
        before = TensorRuntime.threads();
        TensorRuntime.start(3);
    }

    @AfterEach
    void asBefore() {
        TensorRuntime.start(Math.max(1, before));
    }

    @Test
    void shouldComputeAloneOnEachThreadWhenWorkIsInPieces() {
        Set<Integer> tasks = new ConcurrentSkipListSet<>();
        Set<Integer> threadsOfAnOperation = new ConcurrentSkipListSet<>();

        TensorRuntime.onEachThread(task -> {
            tasks.add(task);
            threadsOfAnOperation.add(JniUtils.getNumThreads());
        });

        assertThat(tasks).containsExactly(0, 1, 2);
        assertThat(threadsOfAnOperation).containsExactly(1);
        assertThat(JniUtils.getNumThreads()).isEqualTo(3);
    }

    @Test
    void shouldComputeInPlaceWhenThereIsOneThread() {
        TensorRuntime.start(1);
        Set<Thread> threads = new HashSet<>();

        TensorRuntime.onEachThread(task -> threads.add(Thread.currentThread()));

        assertThat(threads).containsExactly(Thread.currentThread());
    }

    /** The caller frees what the others compute with. */
    @Test
    void shouldFailAfterAllAreDoneWhenOneFails() {
        CountDownLatch failed = new CountDownLatch(1);
        Set<Integer> done = new ConcurrentSkipListSet<>();

        assertThatThrownBy(() -> TensorRuntime.onEachThread(task -> {
                    if (task == 0) {
                        failed.countDown();
                        throw new IllegalStateException("task 0");
                    }
                    await(failed);
                    done.add(task);
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("task 0");
        assertThat(done).containsExactly(1, 2);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
