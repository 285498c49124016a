package com.posthog.aigateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogsTest {

    @Test
    void gathersWhatLibrariesLogElsewhere() {
        var logger = (Logger) LoggerFactory.getLogger("a.library");
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        logger.addAppender(lines);
        logger.setAdditive(false);

        Logs.gather();
        java.util.logging.Logger.getLogger("a.library").warning("too many labels");

        assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("too many labels");
        logger.detachAppender(lines);
    }
}
