package io.circuitstream.audit.chain;

import java.time.Duration;

/**
 * When a chain is signed.
 *
 * @param findings at the latest after so many
 * @param delay at the latest so long after the oldest unsigned one
 * @param heartbeat also without a finding, so long after the last checkpoint
 */
public record SigningPolicy(int findings, Duration delay, Duration heartbeat) {

    boolean isDue(ChainState state, long now) {
        if (state.checkpoints() == 0 || state.unsigned() >= findings) {
            return true;
        }
        return state.unsigned() > 0 && now - state.unsignedSince() >= delay.toMillis()
                || now - state.signedAt() >= heartbeat.toMillis();
    }
}
