package io.circuitstream.packaging.docker;

import io.circuitstream.packaging.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;

/** The root pom.xml, by XPath. */
record Pom(Document document) {
    static Pom read() throws IOException {
        Path file = Repository.root().resolve("pom.xml");
        try (var input = Files.newInputStream(file)) {
            return new Pom(
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(input));
        } catch (javax.xml.parsers.ParserConfigurationException | org.xml.sax.SAXException e) {
            throw new IOException(file + " is no XML", e);
        }
    }

    /** The text at a path below {@code /project}; empty when there is nothing. */
    String at(String path) {
        XPath xpath = XPathFactory.newInstance().newXPath();
        try {
            return xpath.evaluate("/project/" + path, document);
        } catch (XPathExpressionException e) {
            throw new IllegalArgumentException(path, e);
        }
    }

    String property(String name) {
        return at("properties/" + name);
    }

    String version() {
        return at("version");
    }
}
