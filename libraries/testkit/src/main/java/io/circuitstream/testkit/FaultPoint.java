package io.circuitstream.testkit;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * A fault at a chosen record of a process under test, as an interceptor of its producers, so that the process is the one that
 * operators run. {@link #haltAcknowledged} strikes on the thread that also ends transactions, after the brokers have the record and
 * before its transaction can be committed.
 *
 * <p>Says {@code FAULT <action> <topic> <record>} on standard output before it strikes. Instantiated by Kafka.
 */
public final class FaultPoint implements ProducerInterceptor<Object, Object> {
    private static final String TOPIC = "circuitstream.fault.topic";
    private static final String RECORD = "circuitstream.fault.record";
    private static final String ACTION = "circuitstream.fault.action";
    private static final String SENT = "circuitstream.fault.sent";
    private static final String STALL = "circuitstream.fault.stall.ms";
    private static final AtomicInteger SEEN = new AtomicInteger();

    private enum Action {
        /**
         * The calling thread waits until {@link ChildJvm} has killed the process: {@link Runtime#halt} runs the destructors of
         * native libraries beside their threads, and RocksDB crashes then.
         */
        HALT,
        /** The calling thread waits. */
        STALL
    }

    public FaultPoint() {}

    /** JVM options that halt when the brokers have acknowledged the n-th record, from 1, sent to a topic of this name. */
    public static List<String> haltAcknowledged(String topic, int record) {
        return options(Action.HALT, topic, record, false, 0);
    }

    /** The same, but the thread that would end the transaction waits so long. */
    public static List<String> stallAcknowledged(String topic, int record, long milliseconds) {
        return options(Action.STALL, topic, record, false, milliseconds);
    }

    /** JVM options that halt before the n-th record, from 1, is sent to a topic of this name. */
    public static List<String> haltBeforeSending(String topic, int record) {
        return options(Action.HALT, topic, record, true, 0);
    }

    /** JVM options with which the thread that sends the n-th record waits so long before. */
    public static List<String> stallBeforeSending(String topic, int record, long milliseconds) {
        return options(Action.STALL, topic, record, true, milliseconds);
    }

    /** What has to stand in the environment beside the options. */
    public static Map<String, String> environment() {
        return Map.of("KAFKA_PRODUCER_INTERCEPTOR_CLASSES", FaultPoint.class.getName());
    }

    /** The line that the process printed, to wait for. */
    public static boolean isStrike(String line) {
        return line.startsWith("FAULT ");
    }

    /** Whether the process that printed this line is to be killed. */
    static boolean isDeadly(String line) {
        return line.startsWith("FAULT " + Action.HALT + " ");
    }

    private static List<String> options(Action action, String topic, int record, boolean sent, long stall) {
        return List.of(
                "-D" + ACTION + "=" + action,
                "-D" + TOPIC + "=" + topic,
                "-D" + RECORD + "=" + record,
                "-D" + SENT + "=" + sent,
                "-D" + STALL + "=" + stall);
    }

    @Override
    public void configure(Map<String, ?> configs) {}

    @Override
    public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> record) {
        if (Boolean.getBoolean(SENT)) {
            count(record.topic());
        }
        return record;
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
        if (!Boolean.getBoolean(SENT) && exception == null) {
            count(metadata.topic());
        }
    }

    private static void count(String topic) {
        if (topic.equals(System.getProperty(TOPIC)) && SEEN.incrementAndGet() == Integer.getInteger(RECORD)) {
            strike(Action.valueOf(System.getProperty(ACTION)), topic);
        }
    }

    private static void strike(Action action, String topic) {
        System.out.println("FAULT " + action + " " + topic + " " + SEEN.get());
        System.out.flush();
        switch (action) {
            case HALT -> stall(Long.MAX_VALUE);
            case STALL -> stall(Long.getLong(STALL));
        }
    }

    /** The wait is the fault itself. */
    private static void stall(long milliseconds) {
        long begin = System.nanoTime();
        long passed = 0;
        while (passed < milliseconds) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(milliseconds - passed));
            passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        }
    }

    @Override
    public void close() {}
}
