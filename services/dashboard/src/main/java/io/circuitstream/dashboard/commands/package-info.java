/** What people ask for, as events on the topics. */
@NullMarked
package io.circuitstream.dashboard.commands;

import org.jspecify.annotations.NullMarked;
