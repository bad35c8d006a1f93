/** How the cluster and the services are doing. */
@NullMarked
package io.circuitstream.dashboard.operations;

import org.jspecify.annotations.NullMarked;
