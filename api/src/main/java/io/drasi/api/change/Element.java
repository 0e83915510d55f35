package io.drasi.api.change;

import java.util.Objects;

/** A node of the graph, or a relation between two nodes. */
public sealed interface Element {

  /** What the element is called, which labels it carries, and since when it is so. */
  ElementMetadata metadata();

  /** The element's values by name. */
  ElementPropertyMap properties();

  /**
   * A node.
   *
   * @param metadata its name and labels
   * @param properties its values
   */
  record Node(ElementMetadata metadata, ElementPropertyMap properties) implements Element {
    public Node {
      Objects.requireNonNull(metadata, "metadata");
      Objects.requireNonNull(properties, "properties");
    }
  }

  /**
   * A relation. In {@code (a)-[r]->(b)}, {@code inNode} is a and {@code outNode} is b.
   *
   * @param metadata its name and labels
   * @param inNode where it starts
   * @param outNode where it ends
   * @param properties its values
   */
  record Relation(
      ElementMetadata metadata,
      ElementReference inNode,
      ElementReference outNode,
      ElementPropertyMap properties)
      implements Element {
    public Relation {
      Objects.requireNonNull(metadata, "metadata");
      Objects.requireNonNull(inNode, "inNode");
      Objects.requireNonNull(outNode, "outNode");
      Objects.requireNonNull(properties, "properties");
    }
  }
}
